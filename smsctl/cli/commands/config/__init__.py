"""Writing, checking and showing the configuration."""
