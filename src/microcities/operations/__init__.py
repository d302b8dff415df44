"""One page on which the operator sees whether the installation is well: database, worker, mail, backups, checks.

Serves the operator. Nouns: finding (something that is not as it should be), failed job, note of upkeep. No person's data
is shown: numbers of rows, names of files without folders, kinds of errors.
"""
