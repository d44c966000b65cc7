"""Data: what the networks learn from, and the file formats it comes in."""
