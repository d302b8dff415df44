"""Summer employment of pupils with local employers, fairly, lawfully, and with the subsidy accounted to the cent.

Serves pupils and their guardians, employers, the city's coordinator and its accountant. Nouns: scheme (a city's rules of one
year), period, post, application, placement, agreement, attendance, claim. Journey: employers offer posts, pupils rank them,
a draw with a published seed places them, each placement is checked against the labour law of every work day, agreed by all
whom the law names, worked, accounted, and counted.
"""
