"""Pages of schools: results, classes, encounters."""
