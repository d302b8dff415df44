"""Commands of results, one in each module."""
