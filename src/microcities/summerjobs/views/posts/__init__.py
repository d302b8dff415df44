"""Pages of schemes, employers and posts."""
