"""The pages of summer employment, part by part; `pages.py` says what the list is for."""

from tests.journeys.page_type import PageType

POSTS: tuple[PageType, ...] = ()
APPLICATIONS: tuple[PageType, ...] = ()
DRAWS: tuple[PageType, ...] = ()
AGREEMENTS: tuple[PageType, ...] = ()
WORK: tuple[PageType, ...] = ()
CLAIMS: tuple[PageType, ...] = ()
SUMMER: tuple[PageType, ...] = (*POSTS, *APPLICATIONS, *DRAWS, *AGREEMENTS, *WORK, *CLAIMS)

POSTS_OUTSIDE: dict[str, str] = {}
APPLICATIONS_OUTSIDE: dict[str, str] = {}
DRAWS_OUTSIDE: dict[str, str] = {}
AGREEMENTS_OUTSIDE: dict[str, str] = {}
WORK_OUTSIDE: dict[str, str] = {}
CLAIMS_OUTSIDE: dict[str, str] = {}
SUMMER_OUTSIDE: dict[str, str] = {
    **POSTS_OUTSIDE, **APPLICATIONS_OUTSIDE, **DRAWS_OUTSIDE, **AGREEMENTS_OUTSIDE, **WORK_OUTSIDE, **CLAIMS_OUTSIDE,
}
