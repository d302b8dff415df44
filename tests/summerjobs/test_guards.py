"""The database itself refuses what must not be: mixed schemes, places given twice, changed drafts of what is decided."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from microcities.summerjobs.models import (
    Agreement,
    Claim,
    ClaimLine,
    Draw,
    PaidWage,
    Placement,
    Post,
    PostReserve,
    Signature,
    SubProgramme,
    SummerHost,
    SummerScheme,
    Wish,
    WorkDay,
)
from tests.summerjobs.summer import (
    NOW,
    TODAY,
    Summer,
    make_application,
    make_host,
    make_placement,
    make_post,
    make_supervisor,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
ROW_OF_ZEROS = "0" * 64


def refused(constraint: str, act: Callable[[], Any]) -> None:
    """The database refuses it, by the constraint of that name."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
    cause = caught.value.__cause__
    assert getattr(getattr(cause, "diag", None), "constraint_name", None) == constraint


def other_scheme(summer: Summer) -> SummerScheme:
    made = SummerScheme.objects.get(pk=summer.scheme.pk)
    made.pk, made.name = None, "Cita programma"
    made.save()
    return made


# --- posts ---


def test_post_stays_in_its_scheme_and_with_its_employers_supervisor(summer: Summer) -> None:
    elsewhere = other_scheme(summer)
    foreign = SubProgramme.objects.create(scheme=elsewhere, code="firms", name="Citur")
    host = make_host(elsewhere, summer.other_firm)
    refused("post_in_one_scheme", lambda: make_post(summer, programme=foreign))
    refused("post_in_one_scheme", lambda: make_post(summer, host=host))
    refused("post_in_one_scheme", lambda: make_post(summer, supervisor=make_supervisor(host)))


def test_kept_places_fit_into_the_post(summer: Summer) -> None:
    post = make_post(summer, places=3, chosen_places=1)
    PostReserve.objects.create(post=post, group="large_family", places=2)
    refused("post_kept_places", lambda: PostReserve.objects.create(post=post, group="poor", places=1))
    refused("post_kept_places", lambda: Post.objects.filter(pk=post.pk).update(places=2, state="offered"))
    refused("post_reserve_group", lambda: PostReserve.objects.filter(post=post).update(group="open"))


def test_change_of_an_approved_post_needs_approval_again(summer: Summer) -> None:
    post = make_post(summer)
    refused("post_change_asks_for_approval", lambda: Post.objects.filter(pk=post.pk).update(tasks="Ceļ smagumus."))
    assert Post.objects.filter(pk=post.pk).update(tasks="Ceļ smagumus.", state="offered") == 1


def test_post_is_approved_only_with_money_and_supervisor(summer: Summer) -> None:
    refused("post_approved_is_complete", lambda: make_post(summer, fund=None))
    refused("post_approved_is_complete", lambda: make_post(summer, supervisor=None))


def test_employer_is_approved_only_with_papers_and_a_basis_for_aid(summer: Summer) -> None:
    for missing in ({"insured": False}, {"no_tax_debt": False}, {"risks_assessed_on": None}):
        refused(
            "summer_host_approved_with_papers",
            lambda missing=missing: SummerHost.objects.filter(pk=summer.host.pk).update(**missing),  # type: ignore[misc]
        )
    refused("summer_host_aid_named", lambda: SummerHost.objects.filter(pk=summer.host.pk).update(aid_basis=""))


def test_places_in_use_cannot_be_taken_away(summer: Summer) -> None:
    post = make_post(summer, places=2)
    for _each in range(2):
        make_placement(summer, make_application(summer), post)
    refused("post_places_taken", lambda: Post.objects.filter(pk=post.pk).update(places=1, state="offered"))


# --- wishes and placements ---


def test_wishes_stay_in_the_scheme_and_within_the_number_allowed(summer: Summer) -> None:
    application, posts = make_application(summer), [make_post(summer) for _each in range(6)]
    for rank, post in enumerate(posts[:5], start=1):
        Wish.objects.create(application=application, post=post, rank=rank)
    refused("wish_within_most", lambda: Wish.objects.create(application=application, post=posts[5], rank=6))
    other = build_other(summer)
    refused("wish_in_one_scheme", lambda: Wish.objects.filter(application=application, rank=1).update(post=other))


def build_other(summer: Summer) -> Post:
    """A post of another scheme."""
    elsewhere = other_scheme(summer)
    host = make_host(elsewhere, summer.other_firm)
    period = summer.june.__class__.objects.create(
        scheme=elsewhere, code="june", name="Jūnijs", first_on=summer.june.first_on, last_on=summer.june.last_on
    )
    programme = SubProgramme.objects.create(scheme=elsewhere, code="firms", name="Citur")
    return make_post(
        summer, host=host, period=period, programme=programme, fund=None, supervisor=None, state="draft"
    )


def test_seat_is_given_once_and_only_if_it_exists(summer: Summer) -> None:
    post = make_post(summer, places=1)
    first = make_placement(summer, make_application(summer), post)
    refused("placement_seat_once", lambda: make_placement(summer, make_application(summer), post, seat=1))
    refused("placement_seat_exists", lambda: make_placement(summer, make_application(summer), post, seat=2))
    Placement.objects.filter(pk=first.pk).update(state="withdrawn")
    assert make_placement(summer, make_application(summer), post).seat == 1


def test_nobody_has_two_placements_on_one_day(summer: Summer) -> None:
    application = make_application(summer, summer.anna)
    make_placement(summer, application, make_post(summer))
    refused("placement_days_once", lambda: make_placement(summer, application, make_post(summer)))
    assert make_placement(summer, application, make_post(summer, period=summer.july)).is_live


def test_placement_is_the_applicants_and_lies_in_the_period(summer: Summer) -> None:
    application, post = make_application(summer, summer.anna), make_post(summer)
    refused("placement_in_one_scheme", lambda: make_placement(summer, application, post, person=summer.child))
    outside = summer.june.last_on + timedelta(days=1)
    refused("placement_days_in_period", lambda: make_placement(summer, application, post, last_on=outside))


# --- draws ---


def frozen(summer: Summer, **fields: Any) -> Draw:
    text = '{"draw":"x"}'
    return Draw.objects.create(**{
        "scheme": summer.scheme, "number": 1, "kind": "first", "frozen_input": text, "frozen_at": NOW,
        "frozen_sha256": sha256(text.encode()).hexdigest(), **fields,
    })


def test_frozen_input_seed_and_digest_stay(summer: Summer) -> None:
    refused("draw_digest_is_of_the_input", lambda: frozen(summer, frozen_sha256=ROW_OF_ZEROS))
    draw = frozen(summer)
    other = sha256(b"{}").hexdigest()
    changed = Draw.objects.filter(pk=draw.pk)
    refused("draw_stays", lambda: changed.update(frozen_input="{}", frozen_sha256=other))
    changed.update(public_seed="7 19 23", seed_source="Lotto", seeded_at=NOW, seeded_by_id=1)
    refused("draw_stays", lambda: changed.update(public_seed="8"))
    refused("draw_one_under_way", lambda: frozen(summer, number=2))
    changed.update(set_aside_at=NOW, set_aside_reason="Kļūda sarakstā")
    refused("draw_stays", lambda: changed.update(set_aside_reason="Cita"))
    assert frozen(summer, number=2).number == 2


# --- agreements and days ---


def agreement(placement: Placement, version: int = 1) -> Agreement:
    return Agreement.objects.create(
        placement=placement, version=version, terms={"pay": "minimum"}, terms_sha256="a" * 64, made_at=NOW, made_by_id=1
    )


def test_terms_stay_and_signatures_are_of_these_terms(summer: Summer) -> None:
    placement = make_placement(summer, make_application(summer), make_post(summer))
    made = agreement(placement)
    refused("agreement_stays", lambda: Agreement.objects.filter(pk=made.pk).update(terms={"pay": "more"}))
    sign = {"agreement": made, "party": "pupil", "how": "account", "account_id": 1, "signed_at": NOW}
    refused("signature_of_these_terms", lambda: Signature.objects.create(**sign, terms_sha256="b" * 64))
    Signature.objects.create(**sign, terms_sha256="a" * 64)
    refused("agreement_one_in_force", lambda: agreement(placement, 2))
    Agreement.objects.filter(pk=made.pk).update(replaced_at=NOW)
    late = {**sign, "party": "employer", "terms_sha256": "a" * 64}
    refused("signature_of_these_terms", lambda: Signature.objects.create(**late))


def day_of(placement: Placement, **fields: Any) -> WorkDay:
    return WorkDay.objects.create(**{
        "placement": placement, "on": placement.first_on, "worked_minutes": 240, "noted_at": NOW, "noted_by_id": 1, **fields,
    })


def test_day_of_work_is_one_of_the_placement(summer: Summer) -> None:
    placement = make_placement(summer, make_application(summer), make_post(summer))
    refused("work_day_in_placement", lambda: day_of(placement, on=placement.first_on - timedelta(days=1)))
    refused("work_day_absence_has_reason", lambda: day_of(placement, worked_minutes=0, absent_minutes=240))
    day_of(placement)
    refused("work_day_once", lambda: day_of(placement))


# --- claims ---


def claim_of(summer: Summer, **fields: Any) -> Claim:
    return Claim.objects.create(**{
        "host": summer.host, "number": f"V-{Claim.objects.count() + 1}", "first_on": summer.june.first_on,
        "last_on": summer.june.last_on, **fields,
    })


def test_claimed_days_and_wages_stay_until_a_correction_is_written(summer: Summer) -> None:
    placement = make_placement(summer, make_application(summer), make_post(summer))
    day, claim = day_of(placement), claim_of(summer)
    PaidWage.objects.create(claim=claim, placement=placement, month="2027-06", amount=Decimal("100.00"))
    Claim.objects.filter(pk=claim.pk).update(state="submitted", declared_at=NOW, declared_by_id=5)
    refused("work_day_is_claimed", lambda: WorkDay.objects.filter(pk=day.pk).update(worked_minutes=300))
    refused("work_day_is_claimed", lambda: WorkDay.objects.filter(pk=day.pk).delete())
    refused("claim_part_stays", lambda: PaidWage.objects.filter(claim=claim).update(amount=1))
    refused("claim_stays", lambda: Claim.objects.filter(pk=claim.pk).update(first_on=TODAY))
    claim_of(summer, corrects=claim, reason="Kļūda dienās")
    assert WorkDay.objects.filter(pk=day.pk).update(worked_minutes=300) == 1


def test_whoever_submits_cannot_approve(summer: Summer) -> None:
    claim = claim_of(summer, state="submitted", declared_at=NOW, declared_by_id=5)
    refused("claim_second_person", lambda: Claim.objects.filter(pk=claim.pk).update(approved_by_id=5))
    refused("claim_approved_by_somebody", lambda: Claim.objects.filter(pk=claim.pk).update(state="approved"))


def test_lines_of_a_decided_claim_stay(summer: Summer) -> None:
    placement = make_placement(summer, make_application(summer), make_post(summer))
    claim = claim_of(summer, state="withdrawn")
    line = {"placement": placement, "fund": summer.fund, "month": "2027-06", "kind": "subsidy", "minutes": 1, "amount": 1}
    refused("claim_part_stays", lambda: ClaimLine.objects.create(claim=claim, **line))
