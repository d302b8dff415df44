"""Languages: one catalogue and one formats module for each."""
