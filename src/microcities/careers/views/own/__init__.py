"""Pages of pupils themselves and their guardians."""
