"""Pages where letters come in: upload, import, quarantine, further copies."""
