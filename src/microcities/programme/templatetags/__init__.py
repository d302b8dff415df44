"""Template filters of the programme pages."""
