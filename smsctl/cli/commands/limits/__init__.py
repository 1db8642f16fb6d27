"""What counts against a subject, and clearing it."""
