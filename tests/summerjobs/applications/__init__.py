"""Applications of pupils."""
