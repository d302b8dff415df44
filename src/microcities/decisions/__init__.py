"""Decisions: whatever an algorithm decides or advises is kept here so that anybody entitled can see why and run it again.

An engine is a pure, typed, seeded function (`engine.py`); a run of it becomes a decision file with its input, rulebook
versions, engine version, seed, output and digests (`decision_file.py`). The auditor repeats a run in the browser or with
`microcities engine run NAME < file.json` and reads same or different. Nouns: engine, decision, seed, digest, comparison.
"""
