"""The vendor's review rules, offline."""
