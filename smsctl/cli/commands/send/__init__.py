"""Guarded sends from the command line."""
