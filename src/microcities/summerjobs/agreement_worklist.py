"""What of agreements waits for whom on My work."""
