"""The database of the book: its tables, what every change leaves behind (audit, seal, outbox), and who may see what."""
