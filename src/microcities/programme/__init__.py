"""The programme: its cities, partners, funding sources, dates and money.

Serves the programme manager and every service that must know for which city and from which money it works.
"""
