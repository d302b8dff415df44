"""Everything that can be busy, and who has it when.

Serves every service that books something: counsellors, rooms, machines, trainers, test sites. Nouns: resource, opening
hours, booking, allocation. Journey: a service asks for resources at a time and gets all of them or none; a booking is moved,
cancelled or not used, and what it held is free again for the next.
"""
