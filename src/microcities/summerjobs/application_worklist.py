"""What of applications waits for whom on My work."""
