"""From a partner's file to records: reading, columns, cells, the comparison with what is known, and writing in bulk."""
