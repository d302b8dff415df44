"""The accessibility statement and its protocol, read from a data file so that an installation can state its own facts.

The parts are those of the form in Cabinet Regulation 445/2020: site, method, conformance, what does not conform, last
assessment with its protocol, alternatives, feedback, and the procedure when feedback is not answered.
"""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field

from microcities.rulebooks.schema import Text

SHIPPED = Path(__file__).parent / "data" / "accessibility.toml"
# A statement is reviewed once a year.
GOOD_FOR_DAYS = 365
Outcome = Literal["passed", "failed", "not_assessed"]
Conformance = Literal["full", "partial", "none"]


class Part(BaseModel):
    """A piece of the statement; unknown keys are refused, so that a misspelt one is not lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Failure(Part):
    """Something that does not conform or is not known to: what, which requirement, why, and what there is instead."""

    what: Text
    requirement: str = Field(min_length=1)
    reason: Text
    instead: Text


class Assessment(Part):
    """The last assessment: when, by whom, by which method."""

    on: date
    body: Text
    method: Text


class Feedback(Part):
    """Where to write, and in how many days an answer comes; an empty e-mail is the installation's own address."""

    email: str = ""
    answer_days: int = Field(ge=1, le=31)
    address: Text | None = None


class Procedure(Part):
    """Whom to ask when the feedback is not answered."""

    body: Text
    url: str
    words: Text


class Check(Part):
    """A line of the protocol: what was looked at, how, with which outcome."""

    requirement: Text
    how: Text
    outcome: Outcome


class Statement(Part):
    """The whole statement. `released_on` is the day of the release whose pages it describes."""

    site: Text
    institution: str = ""
    standard: Text
    conformance: Conformance
    released_on: date
    prepared_on: date
    assessment: Assessment
    failures: tuple[Failure, ...] = ()
    alternatives: Text
    feedback: Feedback
    procedure: Procedure
    checks: tuple[Check, ...] = Field(min_length=1)

    @property
    def email(self) -> str:
        """The address for feedback."""
        return self.feedback.email or settings.DEFAULT_FROM_EMAIL

    def is_old_on(self, day: date) -> bool:
        """True when the last assessment is more than a year old on a day."""
        return (day - self.assessment.on).days > GOOD_FOR_DAYS


@cache
def statement() -> Statement:
    """The installation's statement, or the one shipped with the software; pydantic's error names a missing part."""
    path = Path(settings.ACCESSIBILITY_STATEMENT or SHIPPED)
    return Statement.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
