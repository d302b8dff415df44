"""Rulebooks serve everybody who must apply a law, a threshold or a classification that changes with time.

Nouns: a *topic* (the child's age of consent), its dated *versions* for a *territory*, each with its *source*,
its *status* and its typed *values*; a *rule* is the version in force on the date of the fact being judged.
Journey: an officer adds a version to a TOML file, the check accepts it, every computation picks it by date,
the decision file records which version was used, and the public page shows all rules in force on a day.
"""
