"""What of schemes, employers and posts waits for whom on My work."""
