"""Verbs of events, registrations and attendance."""
