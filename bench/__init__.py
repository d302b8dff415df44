"""Measures the design's figures on this machine and writes them as a table. None of them is a timed test."""
