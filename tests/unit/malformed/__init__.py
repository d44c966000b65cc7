"""Damaged and hostile files, as many as asked for, one module a format.  The same seed gives the
same files."""
