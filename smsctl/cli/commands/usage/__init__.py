"""Counts of some days, against the fuse."""
