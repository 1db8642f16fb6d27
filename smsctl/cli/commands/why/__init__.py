"""What happened to one phone."""
