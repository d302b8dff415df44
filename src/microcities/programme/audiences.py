"""Whom the platform serves, and what each can do here now: the home page asks, and a page of their own answers."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: its words, the page where it is done, and what is good to know first."""

    label: Text
    url_name: str
    hint: Text

    @property
    def href(self) -> str:
        """The page's address, empty when this installation has no such page."""
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return ""


@dataclass(frozen=True, slots=True)
class Audience:
    """Somebody the home page speaks to."""

    slug: str
    name: Text
    promise: Text
    steps: tuple[Step, ...]
    staff: bool = False


SIGN_UP = Step(
    _("Make an account"), "account_signup", _("An e-mail address is enough. Nobody asks for your personal code.")
)
SIGN_IN = Step(_("Sign in"), "account_login", _("Staff accounts ask for a second factor: a passkey or an app."))
OWN_DATA = Step(
    _("See and take your data"), "privacy:mine", _("What is kept about you, who looked, and how to have it erased.")
)
PROGRAMME = Step(_("Partners and activities"), "programme:page", _("Who does what in which city."))
RESULTS = Step(_("Results"), "results:overview", _("What was promised and what has been reached, with the records."))
RULES = Step(_("Rules in force"), "rulebooks:list", _("Laws, thresholds and classifications on any day, with sources."))
MY_WORK = Step(_("My work"), "work:list", _("What waits for you today."))

AUDIENCES: tuple[Audience, ...] = (
    Audience(
        "pupil", _("Pupil"), _("Career support, camps and paid work in summer."),
        (
            SIGN_UP,
            Step(_("Consents and family"), "people:family", _("For a young child a parent or guardian consents.")),
            OWN_DATA,
        ),
    ),
    Audience(
        "student", _("Student"), _("Career support beside your studies, and a way into ICT."),
        (SIGN_UP, PROGRAMME, OWN_DATA),
    ),
    Audience(
        "adult", _("Adult changing trade"), _("Retraining for ICT, from the application to the first job."),
        (SIGN_UP, PROGRAMME, OWN_DATA),
    ),
    Audience(
        "talent", _("Talent abroad"), _("Come, or come back, to work in one of the cities."),
        (
            Step(_("Make an account"), "account_signup", _("No Latvian personal code is needed.")),
            PROGRAMME,
            OWN_DATA,
        ),
    ),
    Audience(
        "employer", _("Employer"), _("Pupils in summer, retrained people, grants for innovations."),
        (PROGRAMME, SIGN_UP, RESULTS),
    ),
    Audience(
        "school", _("School or teacher"), _("Career education, and a record of who took part in it."),
        (PROGRAMME, SIGN_IN, Step(_("Privacy"), "privacy:notice", _("How pupils' data are protected."))),
    ),
    Audience(
        "partner", _("Programme partner"), _("Bring lists of participants, see your results, submit reports."),
        (SIGN_IN, MY_WORK, Step(_("Members"), "people:members", _("Invite a colleague into a role.")), RESULTS),
        staff=True,
    ),
    Audience(
        "auditor", _("Auditor"), _("Every figure down to the record it was counted from."),
        (
            SIGN_IN,
            RESULTS,
            Step(_("Decision files"), "decisions:list", _("Run an algorithm again and compare its answer.")),
            Step(_("What was done"), "trail:actions", _("Every change, by whom and why.")),
            RULES,
        ),
        staff=True,
    ),
)
BY_SLUG: dict[str, Audience] = {audience.slug: audience for audience in AUDIENCES}
