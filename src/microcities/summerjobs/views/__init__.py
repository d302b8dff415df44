"""Pages of summer employment."""
