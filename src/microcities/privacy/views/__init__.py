"""Pages about personal data: public ones, a person's own, and those of the data protection officer."""
