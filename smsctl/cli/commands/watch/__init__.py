"""What is going on right now."""
