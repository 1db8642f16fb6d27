"""The walk-through."""
