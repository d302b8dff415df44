"""Every type of page, by the name of its address: looked at with axe, at 400 % zoom and in both languages.

A new page is added here; `test_page_list.py` fails until it is, or until OUTSIDE says why it is no page to look at.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import translation

from tests.journeys import standing
from tests.journeys.standing import (
    AUDITOR,
    CHILD,
    COORDINATOR,
    COUNSELLOR,
    COURSE_PROVIDER,
    GUARDIAN,
    MANAGER,
    OPERATOR,
    PARTNER,
    PRIVACY_OFFICER,
    PUPIL,
    SCHOOL,
    SCHOOL_COUNSELLOR,
)


@dataclass(frozen=True)
class PageType:
    """A page: its name, the name of its address, who looks at it, and what it answers.

    arguments: of the address; a function of them asks the demo. query: what stands after the question mark.
    """

    name: str
    address: str
    role: str = ""
    status: int = 200
    arguments: Callable[[], Any] | tuple[str, ...] = field(default=())
    query: str = ""

    def in_language(self, code: str) -> str:
        """The path in a language: English under /en, Latvian at the root."""
        found = self.arguments() if callable(self.arguments) else self.arguments
        with translation.override(code):
            if isinstance(found, dict):
                path = reverse(self.address, kwargs=found)
            else:
                path = reverse(self.address, args=found if isinstance(found, tuple) else (found,))
        return path + (f"?{self.query}" if self.query else "")


PUBLIC = (
    PageType("home", "programme:home"),
    PageType("home signed in", "programme:home", MANAGER),
    PageType("audience", "programme:audience", arguments=("pupil",)),
    PageType("programme", "programme:page"),
    PageType("search", "programme:search", query="q=valmiera"),
    PageType("search of people", "programme:search", MANAGER, query="q=berzina"),
    PageType("search without result", "programme:search", query="q=qwertyuiop"),
    PageType("accessibility statement", "programme:accessibility"),
    PageType("accessibility protocol", "programme:accessibility-protocol"),
    PageType("components", "design"),
    PageType("rules", "rulebooks:list", query="on=2026-01-01&territory=EU"),
    PageType("rules of no day", "rulebooks:list", query="on=yesterday", status=400),
    PageType("rule", "rulebooks:topic", arguments=("privacy.child_consent",)),
    PageType("rule with tables", "rulebooks:topic", arguments=("programme.territories",)),
)
RESULTS = (
    PageType("results", "results:overview"),
    PageType("results in detail", "results:overview", MANAGER, query="as_of=2020-06-30"),
    PageType("indicator", "results:indicator", arguments=("summer-jobs",)),
    PageType("indicator in detail", "results:indicator", MANAGER, arguments=("summer-jobs",)),
    PageType("indicator crossed", "results:crossed", MANAGER, arguments=("summer-jobs",)),
    PageType("evidence", "results:evidence", MANAGER, arguments=("summer-jobs",)),
    PageType("evidence of nothing", "results:evidence", MANAGER, arguments=("edtech-in-use",)),
    PageType("cities compared", "results:compare"),
    PageType("what changed", "results:changes", MANAGER),
    PageType("outside figures", "results:observations", MANAGER),
    PageType("outside figure", "results:observation", MANAGER, arguments=standing.an_observation),
    PageType("outside figure recorded", "results:observation-new", COORDINATOR),
    PageType("reports", "results:reports", MANAGER),
    PageType("report begun", "results:report-new", PARTNER),
    PageType("report approved", "results:report", MANAGER, arguments=standing.report("approved")),
    PageType("report submitted", "results:report", MANAGER, arguments=standing.report("submitted")),
    PageType("report returned", "results:report", PARTNER, arguments=standing.report("returned")),
    PageType("frozen rows", "results:report-rows", AUDITOR, arguments=standing.a_reported_figure),
    PageType("verification sample", "results:report-sample", MANAGER, arguments=standing.a_reported_figure),
    PageType("period opened", "results:period-new", MANAGER),
    PageType("publications", "results:publications", MANAGER),
    PageType("target revised", "results:target", MANAGER, arguments=("summer-jobs",)),
    PageType("open data", "open-data:index"),
    PageType("access tokens", "open-data:tokens", PARTNER),
)
RECORDS = (
    PageType("activities", "participation:activities"),
    PageType("activity", "participation:activity", arguments=("valmiera-summer-2019",)),
    PageType("activity with its people", "participation:activity", MANAGER, arguments=("valmiera-summer-2019",)),
    PageType("activity added", "participation:add_activity", PARTNER),
    PageType("activity changed", "participation:change_activity", MANAGER, arguments=("valmiera-summer-2019",)),
    PageType("participation", "participation:record", COORDINATOR, arguments=standing.a_record),
    PageType("participation rejected", "participation:reject", MANAGER, arguments=standing.an_unconfirmed_record),
    PageType("participation started", "participation:start", SCHOOL, arguments=standing.an_unconfirmed_record),
    PageType("participation completed", "participation:complete", SCHOOL, arguments=standing.an_unconfirmed_record),
    PageType("participation dropped", "participation:drop_out", SCHOOL, arguments=standing.an_unconfirmed_record),
    PageType("participation entered", "participation:enrol", SCHOOL, arguments=standing.a_child),
    PageType("lists", "participation:lists", PARTNER),
    PageType("list brought", "participation:bring", PARTNER),
    PageType("list compared", "participation:list", COORDINATOR, arguments=standing.list_named("vasara-2021-precizējumi.csv")),
    PageType("list refused", "participation:list", COURSE_PROVIDER, arguments=standing.list_named("darbs-pēc-kursa.csv")),
    PageType("list applied", "participation:list", SCHOOL, arguments=standing.list_named("karjeras-nedēļa.csv")),
    PageType("list unclear", "participation:list", SCHOOL, arguments=standing.list_named("karjera-papildinājums.csv")),
    PageType("columns of a list", "participation:columns", SCHOOL, arguments=standing.list_named("karjera-papildinājums.csv")),
    PageType("list undone", "participation:undo", SCHOOL, arguments=standing.list_named("karjeras-nedēļa.csv")),
    PageType("list confirmed", "participation:confirm_list", MANAGER, arguments=standing.list_named("karjeras-nedēļa.csv")),
)
PEOPLE = (
    PageType("persons", "persons:persons", PARTNER),
    PageType("person", "persons:person", MANAGER, arguments=standing.a_pupil),
    PageType("organisations", "organisations:organisations", PARTNER),
    PageType("organisation", "organisations:organisation", MANAGER, arguments=standing.an_owned_firm),
    PageType("organisation added", "organisations:add", PARTNER),
    PageType("organisation changed", "organisations:change", PARTNER, arguments=standing.an_owned_firm),
    PageType("owner recorded", "organisations:record_owner", PARTNER, arguments=standing.an_owned_firm),
    PageType("share ended", "organisations:end_owner", PARTNER, arguments=standing.an_ownership),
    PageType("double records", "persons:matches", COORDINATOR),
    PageType("double record", "persons:match", COORDINATOR, arguments=standing.a_pair),
    PageType("records taken apart", "persons:take_apart", MANAGER, arguments=standing.a_merge),
    PageType("members", "people:members", PARTNER),
    PageType("member invited", "people:invite", PARTNER),
    PageType("own details", "people:profile", PUPIL),
    PageType("own sessions", "people:sessions", PUPIL),
    PageType("consents", "people:consents", PUPIL),
    PageType("family of a child", "people:family", CHILD),
    PageType("family of a guardian", "people:family", GUARDIAN),
    PageType("ward", "people:ward", GUARDIAN, arguments=standing.a_ward),
    PageType("consents of a ward", "people:ward_consents", GUARDIAN, arguments=standing.a_ward),
    PageType("guardian to confirm", "people:confirm_guardian", COUNSELLOR, arguments=standing.a_child),
    PageType("my work", "work:list", PARTNER),
    PageType("my work with nothing", "work:list", GUARDIAN),
    PageType("notices", "notices:list", COURSE_PROVIDER),
    PageType("notices by e-mail", "notices:preferences", PARTNER),
    PageType("e-mails refused", "notices:unsubscribe", arguments=standing.an_unsubscribe_token),
    PageType("operations", "operations:page", OPERATOR),
    PageType("restore tried", "operations:trial", OPERATOR),
)
PRIVACY = (
    PageType("privacy", "privacy:notice"),
    PageType("record of processing", "privacy:record"),
    PageType("own data", "privacy:mine", PUPIL),
    PageType("data of a ward", "privacy:mine", GUARDIAN, arguments=lambda: {"reference": standing.a_ward()}),
    PageType("who looked", "privacy:looks", CHILD),
    PageType("correction asked", "privacy:ask", PUPIL, arguments=("rectification",)),
    PageType("privacy requests", "privacy:requests", PRIVACY_OFFICER),
    PageType("privacy request", "privacy:request", PRIVACY_OFFICER, arguments=standing.a_request),
    PageType("log of looks", "privacy:all-looks", PRIVACY_OFFICER),
    PageType("legal holds", "privacy:holds", PRIVACY_OFFICER),
    PageType("legal hold placed", "privacy:new-hold", PRIVACY_OFFICER),
    PageType("retention", "privacy:retention", PRIVACY_OFFICER),
    PageType("retention clock", "privacy:clock", PRIVACY_OFFICER),
    PageType("what was done", "trail:actions", AUDITOR),
    PageType("history of a record", "trail:row", AUDITOR, arguments=standing.a_traced_report),
)
SCHOOLS = (
    PageType("schools", "careers:schools", SCHOOL_COUNSELLOR),
    PageType("school", "careers:school", SCHOOL_COUNSELLOR, arguments=standing.a_school, query="earlier=2026-01-15"),
    PageType("school's criterion", "careers:criterion", SCHOOL_COUNSELLOR, arguments=standing.a_school_with("5.1")),
    PageType("school's criterion of records", "careers:criterion", SCHOOL_COUNSELLOR, arguments=standing.a_school_with("1.1")),
    PageType("pupils by criterion", "careers:heat", SCHOOL_COUNSELLOR, arguments=standing.a_school),
    PageType("classes", "careers:classes", SCHOOL_COUNSELLOR, arguments=standing.a_school),
    PageType("class added", "careers:class-new", SCHOOL_COUNSELLOR, arguments=standing.a_school),
    PageType("school year begun", "careers:next-year", SCHOOL_COUNSELLOR, arguments=standing.a_school),
    PageType("class lists", "careers:class-lists", SCHOOL_COUNSELLOR, arguments=standing.a_school),
    PageType("class list brought", "careers:bring-class-list", SCHOOL_COUNSELLOR, arguments=standing.a_school),
    PageType("encounters", "careers:encounters", SCHOOL_COUNSELLOR, arguments=standing.a_school),
    PageType("encounter recorded", "careers:encounter-new", SCHOOL_COUNSELLOR, arguments=standing.a_school),
    PageType("encounter from an event", "careers:encounter-from-event", SCHOOL_COUNSELLOR, arguments=standing.a_school),
    PageType("careers programme", "careers:programme", SCHOOL_COUNSELLOR, arguments=standing.a_school),
    PageType("careers programme written", "careers:programme-write", SCHOOL_COUNSELLOR, arguments=standing.a_school),
    PageType("careers programme published", "careers:programme-publish", SCHOOL_COUNSELLOR, arguments=standing.a_school),
    PageType("destinations", "careers:records", SCHOOL_COUNSELLOR, arguments=standing.a_school_with("destinations")),
    PageType("readings of criteria", "careers:records", SCHOOL_COUNSELLOR, arguments=standing.a_school_with("readings")),
    PageType("feedback recorded", "careers:record-new", SCHOOL_COUNSELLOR, arguments=standing.a_school_with("feedback")),
    PageType("reading ended", "careers:end-reading", SCHOOL_COUNSELLOR, arguments=standing.a_reading),
    PageType("class", "careers:class", SCHOOL_COUNSELLOR, arguments=standing.a_class),
    PageType("class changed", "careers:class-change", SCHOOL_COUNSELLOR, arguments=standing.a_class),
    PageType("pupil added to a class", "careers:class-enrol", SCHOOL_COUNSELLOR, arguments=standing.a_class),
    PageType("pupil's place", "careers:enrolment", SCHOOL_COUNSELLOR, arguments=standing.an_enrolment),
    PageType("pupil moved", "careers:enrolment-move", SCHOOL_COUNSELLOR, arguments=standing.an_enrolment),
    PageType("pupil handed over", "careers:enrolment-hand-over", SCHOOL_COUNSELLOR, arguments=standing.an_enrolment),
    PageType("pupil left", "careers:enrolment-leave", SCHOOL_COUNSELLOR, arguments=standing.an_enrolment),
    PageType("encounter", "careers:encounter", SCHOOL_COUNSELLOR, arguments=standing.an_encounter),
    PageType("encounter changed", "careers:encounter-change", SCHOOL_COUNSELLOR, arguments=standing.an_encounter),
    PageType("encounter's pupils", "careers:encounter-pupils", SCHOOL_COUNSELLOR, arguments=standing.an_encounter),
    PageType("encounter's attendance", "careers:encounter-attendance", SCHOOL_COUNSELLOR, arguments=standing.an_encounter),
    PageType("given by an employer", "careers:given", SCHOOL_COUNSELLOR, arguments=standing.a_host),
    PageType("given by one's organisations", "careers:given-list", SCHOOL_COUNSELLOR),
    PageType("benchmarks by city", "careers:cities", MANAGER),
    PageType("choice of science", "careers:stem", MANAGER),
)
EVENTS = (
    PageType("events", "events:list"),
    PageType("events of a month", "events:month", arguments=("2027", "3")),
    PageType("events by place", "events:places"),
    PageType("event", "events:event", arguments=standing.event_named(standing.CAREER_DAY)),
    PageType("event registered for", "events:event", PUPIL, arguments=standing.event_named(standing.CV_WORKSHOP)),
    PageType("registration begun", "events:register", COUNSELLOR, arguments=standing.event_named(standing.CAREER_DAY)),
    PageType("registration by a guardian", "events:register", GUARDIAN, arguments=standing.event_named(standing.LECTURES)),
    PageType("registration offered", "events:registration", PUPIL,
             arguments=standing.registration_for(standing.CV_WORKSHOP, PUPIL)),
    PageType("registration of a class", "events:registration", COUNSELLOR,
             arguments=standing.registration_for(standing.CAREER_DAY, COUNSELLOR)),
    PageType("tickets", "events:tickets", COUNSELLOR, arguments=standing.registration_for(standing.CAREER_DAY, COUNSELLOR)),
    PageType("registration moved", "events:move", PUPIL, arguments=standing.registration_for(standing.LECTURES, PUPIL)),
    PageType("own registrations", "events:mine", PUPIL),
    PageType("own registrations with none", "events:mine", AUDITOR),
    PageType("own calendar", "events:feeds", PUPIL),
    PageType("events organised", "events:run", COORDINATOR),
    PageType("event planned", "events:new", COORDINATOR),
    PageType("event organised", "events:run-event", COORDINATOR, arguments=standing.event_named(standing.OPEN_DAY)),
    PageType("series organised", "events:run-event", COURSE_PROVIDER, arguments=standing.event_named(standing.LECTURES)),
    PageType("event changed", "events:change", COURSE_PROVIDER, arguments=standing.event_named(standing.LECTURES)),
    PageType("event cancelled", "events:cancel", COURSE_PROVIDER, arguments=standing.event_named(standing.LECTURES)),
    PageType("event questions", "events:questions", COUNSELLOR, arguments=standing.event_named(standing.CAREER_DAY)),
    PageType("event hosts", "events:hosts", COUNSELLOR, arguments=standing.event_named(standing.CAREER_DAY)),
    PageType("event people", "events:people", COUNSELLOR, arguments=standing.event_named(standing.CAREER_DAY)),
    PageType("event list to print", "events:print", COUNSELLOR, arguments=standing.event_named(standing.CAREER_DAY)),
    PageType("event attendance", "events:attendance", COORDINATOR, arguments=standing.event_named(standing.OPEN_DAY)),
    PageType("event check-in", "events:check-in", COORDINATOR, arguments=standing.event_named(standing.OPEN_DAY)),
    PageType("event check-in by ticket", "events:check-in-code", COORDINATOR, arguments=standing.a_ticket),
    PageType("event notes", "events:noted", COORDINATOR, arguments=standing.event_named(standing.OPEN_DAY)),
    PageType("event feedback", "events:feedback-summary", COORDINATOR, arguments=standing.event_named(standing.OPEN_DAY)),
)
GUIDANCE = (
    PageType("own career", "careers:mine", PUPIL),
    PageType("own career of a guardian", "careers:mine", GUARDIAN),
    PageType("child's career", "careers:record", GUARDIAN, arguments=standing.person_with(CHILD)),
    PageType("plan after school", "careers:intend", PUPIL, arguments=standing.person_with(PUPIL)),
    PageType("talk to book", "careers:book", CHILD, arguments=standing.person_with(CHILD)),
    PageType("own talk", "careers:own-talk", PUPIL, arguments=standing.own_talk(PUPIL)),
    PageType("own talk moved", "careers:move-own-talk", PUPIL, arguments=standing.own_talk(PUPIL)),
    PageType("own talk cancelled", "careers:cancel-own-talk", PUPIL, arguments=standing.own_talk(PUPIL)),
    PageType("interests", "careers:interests", PUPIL),
    PageType("interests asked", "careers:interests-part", CHILD, arguments=standing.a_sheet(CHILD, 2)),
    PageType("words known asked", "careers:interests-part", CHILD, arguments=standing.a_sheet(CHILD, 7)),
    PageType("own interests", "careers:interests-result", PUPIL, arguments=standing.a_sheet(PUPIL)),
    PageType("pupil's interests", "careers:interests-result", COUNSELLOR, arguments=standing.a_sheet(PUPIL)),
    PageType("own career plan", "careers:career-plan", PUPIL),
    PageType("own career plan with none", "careers:career-plan", GUARDIAN),
    PageType("goal of a career plan", "careers:career-plan-goal", PUPIL),
    PageType("step of a career plan", "careers:career-plan-step", PUPIL),
    PageType("career plan deleted", "careers:career-plan-delete", PUPIL),
    PageType("pupil's career plan", "careers:shown-plan", COUNSELLOR, arguments=standing.a_career_plan),
    PageType("guidance", "careers:talks", COUNSELLOR, query="show=all"),
    PageType("guidance of today with none", "careers:talks", COUNSELLOR, query="show=today"),
    PageType("counsellor's hours", "careers:hours", COUNSELLOR),
    PageType("counsellor open to booking", "careers:open-hours", COUNSELLOR),
    PageType("counsellor's hours set", "careers:set-hours", COUNSELLOR, arguments=standing.counsellor_of(COUNSELLOR)),
    PageType("talk booked", "careers:talk", COUNSELLOR, arguments=standing.own_talk(PUPIL)),
    PageType("talk held", "careers:talk", COUNSELLOR, arguments=standing.a_held_talk(PUPIL)),
    PageType("talk to record", "careers:hold", COUNSELLOR, arguments=standing.own_talk(PUPIL)),
    PageType("talk moved", "careers:move-talk", COUNSELLOR, arguments=standing.own_talk(PUPIL)),
    PageType("talk cancelled", "careers:cancel-talk", COUNSELLOR, arguments=standing.own_talk(PUPIL)),
    PageType("notes of a talk", "careers:notes", COUNSELLOR, arguments=standing.a_held_talk(PUPIL)),
    PageType("counsellor's own note", "careers:note", COUNSELLOR, arguments=standing.a_held_talk(PUPIL)),
    PageType("counsellor's own note handed on", "careers:hand-on", COUNSELLOR, arguments=standing.a_held_talk(PUPIL)),
    PageType("counsellor's own note given out", "careers:give-out", COUNSELLOR, arguments=standing.a_held_talk(PUPIL)),
    PageType("talk offered", "careers:offer", COUNSELLOR, arguments=standing.person_with(PUPIL)),
    PageType("talk recorded", "careers:record-talk", COUNSELLOR, arguments=standing.person_with(PUPIL)),
)
DECISIONS = (
    PageType("decisions", "decisions:list", AUDITOR),
    PageType("decision", "decisions:decision", AUDITOR, arguments=standing.a_decision),
    PageType("decision run again", "decisions:again", AUDITOR, arguments=standing.a_decision),
    PageType("decision to confirm", "decisions:decision", MANAGER, arguments=standing.a_proposal),
    PageType("engines", "decisions:engines", AUDITOR),
    PageType("engine", "decisions:engine", AUDITOR, arguments=("results.forecast",)),
    PageType("engine tried", "decisions:engine-trial", AUDITOR, arguments=("results.forecast",)),
)
ACCOUNTS = (
    PageType("sign-in", "account_login"),
    PageType("sign-up", "account_signup"),
    PageType("sign-out", "account_logout", PUPIL),
    PageType("password forgotten", "account_reset_password"),
    PageType("password letter sent", "account_reset_password_done"),
    PageType("password link too old", "account_reset_password_from_key", arguments=("1", "1-1")),
    PageType("password changed by link", "account_reset_password_from_key_done"),
    PageType("account closed", "account_inactive"),
    PageType("password", "account_change_password", PUPIL),
    PageType("e-mail address", "account_email", PUPIL),
    PageType("password asked again", "account_reauthenticate", PUPIL),
    PageType("second factor", "mfa_index", PUPIL),
    PageType("authenticator app", "mfa_activate_totp", PUPIL),
    PageType("passkeys", "mfa_list_webauthn", PUPIL),
    PageType("passkey added", "mfa_add_webauthn", PUPIL),
    PageType("identity providers", "socialaccount_connections", PUPIL),
    PageType("identity provider cancelled", "socialaccount_login_cancelled"),
    PageType("identity provider failed", "socialaccount_login_error", status=401),
)
ERRORS = (
    PageType("bad request", "broken", arguments=("400",), status=400),
    PageType("forbidden", "trail:actions", PUPIL, status=403),
    PageType("form too old", "broken", arguments=("csrf",), status=403),
    PageType("not found", "results:indicator", arguments=("no-such",), status=404),
    PageType("too many attempts", "broken", arguments=("429",), status=429),
    PageType("server error", "broken", arguments=("500",), status=500),
)
PAGES: tuple[PageType, ...] = (
    *PUBLIC, *RESULTS, *RECORDS, *PEOPLE, *EVENTS, *SCHOOLS, *GUIDANCE, *PRIVACY, *DECISIONS, *ACCOUNTS, *ERRORS,
)

FILE = "a file or data for programs, tested where it is made"
POSTED = "answers to a form alone and leads on to another page"
HANDSHAKE = "a step between this site and an identity provider, tested in tests/people/identity"
STATE = "needs a state of the account that the demo has not; the same form and frame as the pages looked at"
OUTSIDE: dict[str, str] = {
    "careers:report": FILE,
    **dict.fromkeys(("careers:apply-class-list", "careers:undo-class-list", "careers:encounter-again"), POSTED),
    **dict.fromkeys(("rulebooks:list-data", "rulebooks:topic-data", "decisions:download", "decisions:engine-schema"), FILE),
    **dict.fromkeys(("results:observation-document", "privacy:download", "mfa_download_recovery_codes"), FILE),
    **dict.fromkeys(
        ("open-data:package", "open-data:zip", "open-data:pdf", "open-data:results", "open-data:records", "open-data:crossed",
         "open-data:report-pdf", "open-data:report-file"), FILE,
    ),
    **dict.fromkeys(("participation:apply", "participation:resume", "participation:discard", "participation:confirm"), POSTED),
    **dict.fromkeys(("decisions:confirm", "decisions:discard", "results:report-change", "results:forecast"), POSTED),
    **dict.fromkeys(("people:end_membership", "people:sign_member_out", "people:revoke_invitation"), POSTED),
    "people:accept_invitation": POSTED,
    **dict.fromkeys(("people:give_consent", "people:give_ward_consent", "people:withdraw_consent"), POSTED),
    "people:end_session": POSTED,
    **dict.fromkeys(("events:public-feed", "events:personal-feed", "events:event-feed"), FILE),
    **dict.fromkeys(
        ("events:cancel-registration", "events:accept", "events:decline", "events:remove", "events:publish", "events:delete",
         "events:host-remove"), POSTED,
    ),
    "events:feedback": STATE,
    "careers:record-document": FILE,
    **dict.fromkeys(
        ("careers:confirm-reading", "careers:decline-own-talk", "careers:missed", "careers:declined", "careers:interests-begin",
         "careers:interests-share", "careers:interests-delete"), POSTED,
    ),
    **dict.fromkeys(("careers:career-plan-step-done", "careers:career-plan-step-remove", "careers:career-plan-share"), POSTED),
    **dict.fromkeys(("notices:read", "open-data:token-revoke", "operations:job", "set_language"), POSTED),
    **dict.fromkeys(("mfa_login_webauthn", "people:open_invitation"), "leads on at once"),
    **dict.fromkeys(
        ("openid_connect_login", "openid_connect_callback", "saml_login", "saml_acs", "saml_finish_acs", "saml_metadata"),
        HANDSHAKE,
    ),
    **dict.fromkeys(
        ("account_confirm_login_code", "account_email_verification_sent", "account_set_password", "mfa_authenticate",
         "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_deactivate_totp", "mfa_edit_webauthn", "mfa_remove_webauthn",
         "mfa_generate_recovery_codes", "mfa_view_recovery_codes", "socialaccount_signup"), STATE,
    ),
    "people:invitation": "opens from the link of a letter alone; looked at in test_invitation_page_by_its_letter",
    "privacy:end-hold": "the form of the retention clock with another question",
}
