"""Closed by default: who may reach a view, what a reading request may do, and the headers every answer carries.

Serves everybody who writes a view: each carries `@allow(rule)` or `@public`; without one the address stays shut.
"""
