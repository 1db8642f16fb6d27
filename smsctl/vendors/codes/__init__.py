"""The vendors' codes: one table, a file for each source. Pure values."""
