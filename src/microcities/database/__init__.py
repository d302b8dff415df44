"""PostgreSQL below everything else: embedded server, settings, the SQL that all apps rely on, backups.

Serves the operator (a server that starts by itself, a backup that comes back) and every other app
(Latvian order, search without diacritics). Knows no other app of the platform.
"""
