"""Read: turn a scan or a born-digital PDF into text with boxes and confidence."""
