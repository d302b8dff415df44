"""The calculations behind results: pure, typed, seeded functions without Django, with their sources."""
