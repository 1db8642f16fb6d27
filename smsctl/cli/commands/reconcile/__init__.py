"""Our count against the vendor's."""
