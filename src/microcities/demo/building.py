"""Builds the demo programme once: real names, dates and money, synthetic people in the published numbers."""

from typing import Any

from microcities.demo.bringing import Bringer
from microcities.demo.foundations import DEMO, PUPIL, lay_ground, tell_owners
from microcities.demo.granting import hold_call
from microcities.demo.reporting import build_results
from microcities.demo.schooling_exchange import employer_accounts
from microcities.demo.schooling_ground import school_accounts
from microcities.demo.story import read_story
from microcities.demo.waiting import let_it_wait
from microcities.programme.models import Programme
from microcities.trail.context import change


def build_demo() -> Programme | None:
    """Build the demo, or return None when a programme is already there.

    In one transaction: a demo is there whole or not at all. Everybody acts by the services' own actions, under their rules.
    """
    if Programme.objects.exists():
        return None
    story = read_story()
    with change("demo.build", actor=DEMO):
        ground = lay_ground(story)
        bringer = Bringer(story, ground)
        for number, activity in enumerate(story.activities):
            bringer.tell(number, activity)
        tell_owners(ground, story)
        hold_call(ground, story.grants)
        build_results(ground, story)
        let_it_wait(bringer)
    return ground.programme


def demo_accounts() -> list[dict[str, Any]]:
    """E-mail and role of each demo account, for the command line and the sign-in page of the demo."""
    story = read_story()
    child = story.present["child"][0]
    participants = (PUPIL, child["email"], child["guardian_email"])
    return [
        *({"email": entry["email"], "role": entry["role"]} for entry in story.accounts),
        *school_accounts(),
        *employer_accounts(),
        *({"email": email, "role": "participant"} for email in participants),
    ]
