"""Commands of the command line that belong to this app."""
