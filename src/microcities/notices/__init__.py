"""What the platform tells people: notices in the application and by e-mail, and what waits for whom.

Serves everybody with an account. Nouns: notice (one message to one account or address, sent once), subscription refusal
(who no longer wants a kind), task (something that waits for an account on My work).
"""
