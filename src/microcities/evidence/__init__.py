"""What results may count: each service declares a query over its own records, and the database keeps the answer.

Serves the results pages, the auditor, and every service that has something to count. Nouns: measure (one thing that can be
counted), source (a service's declared query), evidence row (one record that counts, as it was known from and to), tally
(by how much a count changed, for which day). Nobody writes an evidence row or a total by hand.
"""
