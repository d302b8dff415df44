"""Pages of accounts, members, guardians and persons; each module is one group of pages."""
