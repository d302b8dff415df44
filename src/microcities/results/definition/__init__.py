"""Programmes' results as data: what is promised, how it is counted, and by when."""
