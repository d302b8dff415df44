"""What of claims waits for whom on My work."""
