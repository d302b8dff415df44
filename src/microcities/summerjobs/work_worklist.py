"""What of days of work, incidents and feedback waits for whom on My work."""
