"""Forms of summer employment."""
