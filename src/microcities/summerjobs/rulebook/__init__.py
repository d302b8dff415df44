"""The dated rules this app owns: one TOML file for each topic, and the typed form of their values."""
