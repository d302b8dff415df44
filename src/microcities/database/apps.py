"""Registers the database app with its checks and its migration, on which all others depend."""

from django.apps import AppConfig

from microcities.database import checks


class DatabaseConfig(AppConfig):
    """Extensions, SQL functions, server checks, and the notes of upkeep."""

    name = "microcities.database"
    label = "database"
    checks = checks  # imported so that Django knows them
