"""Writes: each function is one verb, one transaction, one line of the trail."""
