"""Schemes, employers and posts."""
