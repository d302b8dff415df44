"""Draws, placements and refills."""
