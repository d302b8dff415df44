"""The types of pages that are looked at with axe, at 400 % zoom and in both languages; every app adds its own here."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import translation

from microcities.people.models import Person

MANAGER = "vaditaja@demo.example"
PARTNER = "valmiera@demo.example"
AUDITOR = "revidente@demo.example"
PRIVACY_OFFICER = "datu-aizsardziba@demo.example"
PUPIL = "skolens@demo.example"


@dataclass(frozen=True)
class PageType:
    """A page: its name, its path in Latvian (English is the same under /en), who looks at it, and what it answers."""

    name: str
    path: str | Callable[[], str]
    role: str = ""
    status: int = 200

    def in_language(self, code: str) -> str:
        """The path in a language."""
        path = self.path if isinstance(self.path, str) else self.path()
        return path if code == "lv" else f"/en{path}"


def a_person() -> str:
    """The page of one of the summer's pupils."""
    person = Person.objects.filter(participations__activity__code="valmiera-summer-2019").order_by("pk").first()
    assert person is not None
    with translation.override("lv"):
        return reverse("persons:person", args=[person.public_id])


PAGES: tuple[PageType, ...] = (
    PageType("home", "/"),
    PageType("home signed in", "/", MANAGER),
    PageType("audience", "/for/pupil/"),
    PageType("programme", "/programme/"),
    PageType("search", "/search/?q=valmiera"),
    PageType("search of people", "/search/?q=berzina", MANAGER),
    PageType("search without result", "/search/?q=qwertyuiop"),
    PageType("accessibility statement", "/accessibility/"),
    PageType("accessibility protocol", "/accessibility/protocol/"),
    PageType("rules", "/rules/?on=2026-01-01&territory=EU"),
    PageType("rule", "/rules/privacy.child_consent/"),
    PageType("activities", "/activities/"),
    PageType("activity", "/activities/valmiera-summer-2019/", MANAGER),
    PageType("results", "/results/"),
    PageType("results in detail", "/results/", MANAGER),
    PageType("indicator", "/results/summer-jobs/", MANAGER),
    PageType("evidence", "/results/summer-jobs/records/", MANAGER),
    PageType("cities compared", "/results/cities/"),
    PageType("reports", "/results/reports/", MANAGER),
    PageType("open data", "/open-data/"),
    PageType("privacy", "/privacy/"),
    PageType("record of processing", "/privacy/record/"),
    PageType("own data", "/privacy/mine/", PUPIL),
    PageType("privacy requests", "/privacy/requests/", PRIVACY_OFFICER),
    PageType("what was done", "/trail/", AUDITOR),
    PageType("decisions", "/decisions/", AUDITOR),
    PageType("my work", "/work/", PARTNER),
    PageType("notices", "/notices/", PARTNER),
    PageType("lists", "/lists/", PARTNER),
    PageType("list brought", "/lists/new/", PARTNER),
    PageType("persons", "/persons/", PARTNER),
    PageType("person", a_person, MANAGER),
    PageType("members", "/people/members/", PARTNER),
    PageType("own details", "/people/me/", PUPIL),
    PageType("sign-in", "/accounts/login/"),
    PageType("sign-up", "/accounts/signup/"),
    PageType("not found", "/no-such-page/", status=404),
    PageType("forbidden", "/trail/", PUPIL, status=403),
)
