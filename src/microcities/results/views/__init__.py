"""Pages of results; each module is one group of pages."""
