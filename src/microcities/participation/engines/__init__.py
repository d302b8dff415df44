"""Engines of this app."""
