"""PDF: its pages as a person sees them, and the text it says they have."""
