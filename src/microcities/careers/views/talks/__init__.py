"""Pages of guidance talks."""
