"""The numbers of the office's books: drawn without gaps, kept back, cancelled."""
