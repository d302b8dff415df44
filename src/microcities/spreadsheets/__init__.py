"""Reads lists of people from CSV and XLSX files as people really bring them; each service says which headings it knows.

Serves every service that takes lists: participants, class lists. Nouns: list, heading, row, cell. Journey: a file is opened,
its headings are found, its rows are read one by one, and each cell is understood or refused with a reason.
"""
