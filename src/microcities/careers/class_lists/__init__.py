"""Class lists as schools bring them: read, compared with who is in which class, applied whole or not at all."""
