"""Forms of career support."""
