"""Pages of career support."""
