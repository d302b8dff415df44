"""Days of work, incidents and feedback."""
