"""The believable programme: the real one's names, dates, money and published margins, with synthetic people.

Serves whoever tries the platform, the tests of whole journeys and the measurements. Built by the services' own actions.
"""
