"""Agreements on summer work."""
