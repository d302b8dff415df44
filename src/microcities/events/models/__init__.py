"""Events, series, registrations, attendees, questions and feedback."""

from microcities.events.models.events import (
    Audience,
    Event,
    EventHost,
    EventKind,
    EventLanguage,
    EventState,
    Question,
    QuestionKind,
    Series,
)
from microcities.events.models.feeds import CalendarFeed
from microcities.events.models.registrations import (
    Attendance,
    Attendee,
    CheckInWay,
    Feedback,
    Registration,
    RegistrationState,
)

__all__ = [
    "Attendance",
    "Attendee",
    "Audience",
    "CalendarFeed",
    "CheckInWay",
    "Event",
    "EventHost",
    "EventKind",
    "EventLanguage",
    "EventState",
    "Feedback",
    "Question",
    "QuestionKind",
    "Registration",
    "RegistrationState",
    "Series",
]
