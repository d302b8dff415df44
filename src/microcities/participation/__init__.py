"""Who took part in what: activities of the programme and the participation lists that partners bring.

Serves partners that report without a service of their own on the platform, and later services as the store of who took
part. Nouns: activity, participation, funding of a participation, list (an import). Journey: a partner brings a list, sees
the differences, applies it whole; the city confirms; results count it.
"""
