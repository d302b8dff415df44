"""Finding the same person in two records: likeness of names, weighing of evidence, and a search that needs no pairwise pass.

Pure Python but for `queries`: the engine `people.person_match` and the import of lists use the very same functions.
"""
