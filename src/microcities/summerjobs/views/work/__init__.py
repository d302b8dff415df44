"""Pages of days of work, incidents and feedback."""
