"""Career support at schools and technikums, and guidance for whoever asks for it.

Serves pupils, guardians, counsellors and school staff. Nouns: school, class, enrolment, encounter (what pupils meet: an
employer, a workplace, a provider, labour-market information), guidance talk, destination. Journey: a school keeps who is in
which class each year; activities are recorded with who attended and what made them meaningful; counsellors offer and hold
talks; from these dated records the benchmarks of good career guidance are computed, and who is still missing what.
"""
