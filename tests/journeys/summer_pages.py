"""The pages of summer employment, part by part; `pages.py` says what the list is for."""

from tests.journeys import summer_standing as summer
from tests.journeys.page_type import PageType
from tests.journeys.standing import AUDITOR, CHILD, COORDINATOR, EMPLOYER, GUARDIAN, SECOND_EMPLOYER

FILE = "a file or data for programs, tested where it is made"
POSTED = "answers to a form alone and leads on to another page"

POSTS: tuple[PageType, ...] = (
    PageType("summer schemes", "summerjobs:schemes"),
    PageType("summer scheme", "summerjobs:scheme", arguments=summer.open_scheme),
    PageType("summer scheme of the past", "summerjobs:scheme", arguments=summer.past_scheme),
    PageType("summer scheme opened", "summerjobs:scheme-new", COORDINATOR),
    PageType("summer scheme changed", "summerjobs:scheme-change", COORDINATOR, arguments=summer.open_scheme),
    PageType("summer desk", "summerjobs:scheme-desk", COORDINATOR, arguments=summer.open_scheme),
    PageType("summer desk of the past", "summerjobs:scheme-desk", AUDITOR, arguments=summer.past_scheme),
    PageType("summer period added", "summerjobs:period-new", COORDINATOR, arguments=summer.open_scheme),
    PageType("summer period changed", "summerjobs:period-change", COORDINATOR, arguments=summer.part_of_scheme("june")),
    PageType("summer period called off", "summerjobs:period-call-off", COORDINATOR, arguments=summer.part_of_scheme("june")),
    PageType("summer money", "summerjobs:fund", COORDINATOR, arguments=summer.part_of_scheme("city")),
    PageType("summer employer joins", "summerjobs:join", EMPLOYER, arguments=summer.open_scheme),
    PageType("summer employer's own page", "summerjobs:employer", EMPLOYER),
    PageType("summer employer", "summerjobs:host", EMPLOYER, arguments=summer.a_host("approved")),
    PageType("summer employer for the city", "summerjobs:host", COORDINATOR, arguments=summer.a_host("applied")),
    PageType("summer employer changed", "summerjobs:host-change", EMPLOYER, arguments=summer.a_host("approved")),
    PageType("summer employer decided", "summerjobs:host-decide", COORDINATOR, arguments=summer.a_host("applied")),
    PageType("summer document added", "summerjobs:host-document-new", SECOND_EMPLOYER, arguments=summer.a_host("applied")),
    PageType("supervisor named", "summerjobs:supervisor-new", EMPLOYER, arguments=summer.a_host("approved")),
    PageType("summer post written", "summerjobs:post-new", EMPLOYER, arguments=summer.a_host("approved")),
    PageType("summer post", "summerjobs:post", arguments=summer.a_post("approved")),
    PageType("summer post of the employer", "summerjobs:post", EMPLOYER, arguments=summer.a_post("returned")),
    PageType("summer post to check", "summerjobs:post", COORDINATOR, arguments=summer.a_post("offered")),
    PageType("summer post changed", "summerjobs:post-change", EMPLOYER, arguments=summer.a_post("draft")),
    PageType("summer post approved", "summerjobs:post-approve", COORDINATOR, arguments=summer.a_post("offered")),
    PageType("summer post returned", "summerjobs:post-return", COORDINATOR, arguments=summer.a_post("offered")),
)
APPLICATIONS: tuple[PageType, ...] = (
    PageType("my summer work", "summerjobs:mine", CHILD),
    PageType("summer application begun", "summerjobs:apply", GUARDIAN, arguments=summer.open_scheme),
    PageType("summer application", "summerjobs:application", CHILD, arguments=summer.childs_application),
    PageType("summer application for a guardian", "summerjobs:application", GUARDIAN, arguments=summer.childs_application),
    PageType("summer wishes", "summerjobs:application-wishes", CHILD, arguments=summer.childs_application),
    PageType("summer application's school", "summerjobs:application-part", CHILD, arguments=summer.childs_part("school")),
    PageType("summer application's residence", "summerjobs:application-part", CHILD, arguments=summer.childs_part("residence")),
    PageType("summer application's friend", "summerjobs:application-part", CHILD, arguments=summer.childs_part("friend")),
    PageType("summer groups", "summerjobs:application-groups", CHILD, arguments=summer.childs_application),
    PageType("summer papers", "summerjobs:application-documents", CHILD, arguments=summer.childs_application),
    PageType("summer application sent", "summerjobs:application-send", CHILD, arguments=summer.childs_application),
    PageType("summer applications", "summerjobs:applications", COORDINATOR, arguments=summer.open_scheme),
    PageType("summer application checked", "summerjobs:application-check", COORDINATOR, arguments=summer.childs_application),
    PageType("summer application asked", "summerjobs:application-missing", COORDINATOR, arguments=summer.childs_application),
    PageType("summer application refused", "summerjobs:application-refuse", COORDINATOR, arguments=summer.childs_application),
)
DRAWS: tuple[PageType, ...] = (
    PageType("summer draws", "summerjobs:draws", arguments=summer.past_scheme),
    PageType("summer draw day", "summerjobs:draws", COORDINATOR, arguments=summer.drawn_scheme),
    PageType("summer draw", "summerjobs:draw", arguments=summer.first_draw),
    PageType("summer draw to seed", "summerjobs:draw", COORDINATOR, arguments=summer.frozen_draw),
    PageType("summer draw before its day", "summerjobs:draw-outlook", COORDINATOR, arguments=summer.frozen_draw),
    PageType("summer seed", "summerjobs:draw-seed", COORDINATOR, arguments=summer.frozen_draw),
    PageType("summer draw set aside", "summerjobs:draw-set-aside", COORDINATOR, arguments=summer.frozen_draw),
    PageType("summer result of a pupil", "summerjobs:application", CHILD, arguments=summer.drawn_application),
    PageType("summer placements", "summerjobs:placements", COORDINATOR, arguments=summer.drawn_scheme),
    PageType("summer offer", "summerjobs:offer", COORDINATOR, arguments=summer.an_offer),
    PageType("summer place of the past", "summerjobs:offer", AUDITOR, arguments=summer.worked_place),
    PageType("summer offer given up", "summerjobs:offer-withdraw", COORDINATOR, arguments=summer.an_offer),
    PageType("summer ranking", "summerjobs:post-ranking", EMPLOYER, arguments=summer.chosen_post),
)
AGREEMENTS: tuple[PageType, ...] = (
    PageType("summer agreement for the employer", "summerjobs:agreement", EMPLOYER, arguments=summer.agreed_place),
    PageType("summer agreement for the pupil", "summerjobs:agreement", CHILD, arguments=summer.agreed_place),
    PageType("summer agreement not made", "summerjobs:agreement", COORDINATOR, arguments=summer.an_offer),
    PageType("summer agreements", "summerjobs:agreements", COORDINATOR, arguments=summer.drawn_scheme),
    PageType("summer doctor's note", "summerjobs:agreement-medical", EMPLOYER, arguments=summer.agreed_place),
    PageType("summer signed file", "summerjobs:agreement-file-new", EMPLOYER, arguments=summer.party_of_agreement("pupil")),
)
WORK: tuple[PageType, ...] = (
    PageType("summer days of work", "summerjobs:days", EMPLOYER, arguments=summer.agreed_place),
    PageType("summer days of the past", "summerjobs:days", AUDITOR, arguments=summer.worked_place),
    PageType("summer incident", "summerjobs:incident-new", CHILD, arguments=summer.agreed_place),
    PageType("summer feedback", "summerjobs:feedback", EMPLOYER, arguments=summer.feedback_of_employer),
    PageType("summer attendance", "summerjobs:attendance", EMPLOYER, arguments=summer.agreed_host),
    PageType("summer work of the past", "summerjobs:work-desk", AUDITOR, arguments=summer.past_scheme),
)
SUMMER: tuple[PageType, ...] = (*POSTS, *APPLICATIONS, *DRAWS, *AGREEMENTS, *WORK)

SUMMER_OUTSIDE: dict[str, str] = {
    **dict.fromkeys(("summerjobs:host-document", "summerjobs:application-document"), FILE),
    **dict.fromkeys(("summerjobs:scheme-publish", "summerjobs:scheme-close", "summerjobs:host-withdraw"), POSTED),
    **dict.fromkeys(("summerjobs:host-document-remove", "summerjobs:post-offer", "summerjobs:post-withdraw"), POSTED),
    **dict.fromkeys(("summerjobs:application-withdraw", "summerjobs:application-word", "summerjobs:group-seen"), POSTED),
    "summerjobs:draw-file": FILE,
    "summerjobs:offer-end": "looks like a place given up; open only while somebody works",
    **dict.fromkeys(("summerjobs:draw-freeze", "summerjobs:draw-run", "summerjobs:draw-publish"), POSTED),
    **dict.fromkeys(("summerjobs:offer-accept", "summerjobs:offer-decline"), POSTED),
    "summerjobs:agreement-file": FILE,
    "summerjobs:days-as-planned": POSTED,
    **dict.fromkeys(("summerjobs:day", "summerjobs:incident-close"), "a form of the shared page, open while somebody works"),
    **dict.fromkeys(("summerjobs:agreement-make", "summerjobs:agreement-sign", "summerjobs:agreement-take-back"), POSTED),
    **dict.fromkeys(("summerjobs:application-document-remove", "summerjobs:application-confirm"), POSTED),
}
