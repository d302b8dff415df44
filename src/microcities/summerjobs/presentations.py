"""What the actions and looks of this app are called on the pages of the trail, and its entries in the menu."""

from microcities.summerjobs import (
    agreement_words,
    application_words,
    claim_words,
    draw_words,
    post_words,
    work_words,
)
from microcities.trail.reading import name_verb

for part in (post_words, application_words, draw_words, agreement_words, work_words, claim_words):
    for verb, words in part.VERBS.items():
        name_verb(verb, words)
