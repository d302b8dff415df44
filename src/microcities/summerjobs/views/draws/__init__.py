"""Pages of draws, rankings and placements."""
