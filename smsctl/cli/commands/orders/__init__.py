"""Operators' orders, each of which ends by itself."""
