"""What of draws and placements waits for whom on My work."""
