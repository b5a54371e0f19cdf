"""Train the line recognizer from fonts and text; never imported at run time (needs PyTorch)."""
