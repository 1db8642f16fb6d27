"""What happened, of all processes."""
