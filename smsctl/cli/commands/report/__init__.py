"""Some days summed up."""
