"""The guard on the “get code” button."""
