"""From review to launch."""
