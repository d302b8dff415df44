"""Verbs of summer employment."""
