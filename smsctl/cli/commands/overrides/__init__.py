"""Operators' overrides, each of which ends by itself."""
