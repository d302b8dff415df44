"""Personal data declared beside the field: purpose, legal basis, retention; everything else is derived from that.

Serves every person on record and the data protection officer: export of one's own data, erasure, retention, the public
record of processing. Nouns: declaration, purpose, basis, retention rule.
"""
