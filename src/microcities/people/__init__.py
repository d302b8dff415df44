"""One record of people and organisations, shared by all partners and services.

Serves everybody: a person exists once however many partners know them. Nouns: person, organisation, ownership, account,
membership (a role in an organisation), registration (an organisation knows a person), guardianship, consent, merge.
"""
