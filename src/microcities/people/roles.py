"""Roles and what each may do: code, not rows, so that a reviewer sees every change of power in a diff.

A role is stored by its slug in a membership; renaming a class or moving this file changes no row.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """One thing that a role may do. `own` is limited to the organisation of the membership."""

    SEE_OWN_PEOPLE = "see_own_people"
    SEE_ALL_PEOPLE = "see_all_people"
    CHANGE_OWN_PEOPLE = "change_own_people"
    DECIDE_MATCHES = "decide_matches"
    IMPORT_LISTS = "import_lists"
    CONFIRM_RECORDS = "confirm_records"
    SEE_RESULTS_DETAIL = "see_results_detail"
    EDIT_INDICATORS = "edit_indicators"
    RECORD_OBSERVATIONS = "record_observations"
    CONFIRM_OBSERVATIONS = "confirm_observations"
    SUBMIT_REPORTS = "submit_reports"
    APPROVE_REPORTS = "approve_reports"
    INVITE = "invite"
    SEE_TRAIL = "see_trail"
    SEE_DECISIONS = "see_decisions"
    CONFIRM_DECISIONS = "confirm_decisions"
    HANDLE_PRIVACY = "handle_privacy"
    SEE_OPERATIONS = "see_operations"
    MANAGE_BOOKINGS = "manage_bookings"
    MANAGE_EVENTS = "manage_events"
    MANAGE_CAREERS = "manage_careers"
    GIVE_GUIDANCE = "give_guidance"
    GIVE_ENCOUNTERS = "give_encounters"
    MANAGE_SUMMER = "manage_summer"
    OFFER_SUMMER_POSTS = "offer_summer_posts"


P = Permission


@dataclass(frozen=True)
class Role:
    """A role: its stored slug, its name for people, and its permissions. Staff roles need a second factor."""

    slug: str
    name: "str | Promise"
    description: "str | Promise"
    permissions: frozenset[Permission] = frozenset()
    staff: bool = True
    read_only: bool = False


_ROLES = (
    Role(
        "programme_manager",
        _("Programme manager"),
        _("Runs the programme for all partners: targets, reports, approvals."),
        frozenset(P) - {P.SUBMIT_REPORTS, P.HANDLE_PRIVACY, P.SEE_OPERATIONS, P.GIVE_GUIDANCE, P.GIVE_ENCOUNTERS,
                        P.OFFER_SUMMER_POSTS},
    ),
    Role(
        "city_coordinator",
        _("City coordinator"),
        _("Coordinates the programme in one city and confirms its records."),
        frozenset({P.SEE_OWN_PEOPLE, P.CHANGE_OWN_PEOPLE, P.IMPORT_LISTS, P.CONFIRM_RECORDS, P.SEE_RESULTS_DETAIL,
                   P.SUBMIT_REPORTS, P.INVITE, P.RECORD_OBSERVATIONS, P.DECIDE_MATCHES, P.SEE_DECISIONS, P.MANAGE_EVENTS,
                   P.MANAGE_BOOKINGS, P.MANAGE_SUMMER, P.CONFIRM_DECISIONS}),
    ),
    Role(
        "partner_reporter",
        _("Partner's reporting officer"),
        _("Enters the partner's participants, brings lists and submits the partner's reports."),
        frozenset({P.SEE_OWN_PEOPLE, P.CHANGE_OWN_PEOPLE, P.IMPORT_LISTS, P.SUBMIT_REPORTS, P.INVITE,
                   P.DECIDE_MATCHES, P.SEE_RESULTS_DETAIL, P.MANAGE_EVENTS, P.MANAGE_CAREERS}),
    ),
    Role(
        "career_counsellor",
        _("Career counsellor"),
        _("Advises pupils, students and adults of the own organisation."),
        frozenset({P.SEE_OWN_PEOPLE, P.CHANGE_OWN_PEOPLE, P.MANAGE_BOOKINGS, P.MANAGE_EVENTS, P.MANAGE_CAREERS,
                   P.GIVE_GUIDANCE}),
    ),
    Role(
        "employer",
        _("Employer"),
        _("Offers encounters to schools and summer posts to pupils; sees only pupils who have taken such a post."),
        frozenset({P.GIVE_ENCOUNTERS, P.OFFER_SUMMER_POSTS}),
        staff=False,
    ),
    Role(
        "auditor",
        _("Auditor"),
        _("Reads everything that figures rest on, changes nothing; the account has an end date."),
        frozenset({P.SEE_ALL_PEOPLE, P.SEE_RESULTS_DETAIL, P.SEE_TRAIL, P.SEE_DECISIONS}),
        read_only=True,
    ),
    Role(
        "data_protection_officer",
        _("Data protection officer"),
        _("Answers requests of persons, watches retention and the log of looks."),
        frozenset({P.HANDLE_PRIVACY, P.SEE_ALL_PEOPLE, P.SEE_TRAIL}),
    ),
    Role(
        "operator",
        _("Operator"),
        _("Keeps the installation running; sees no person's record."),
        frozenset({P.SEE_OPERATIONS}),
    ),
    Role(
        "participant",
        _("Participant"),
        _("A person who takes part: sees the own record only."),
        staff=False,
    ),
)
ROLES: dict[str, Role] = {role.slug: role for role in _ROLES}
ROLE_CHOICES = [(role.slug, role.name) for role in _ROLES]


def roles_with(permission: Permission) -> list[str]:
    """Slugs of the roles that carry a permission."""
    return [slug for slug, role in ROLES.items() if permission in role.permissions]
