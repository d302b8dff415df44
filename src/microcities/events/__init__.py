"""Events and who comes to them.

Serves pupils, guardians, teachers, employers and every service that invites people. Nouns: event, series, registration (one
form, for one or many people), attendee, offer of a freed place. Journey: an organiser plans and publishes; people register or
wait in line; freed places are offered in order; attendance is taken by list or QR code; what people thought is asked.
"""
