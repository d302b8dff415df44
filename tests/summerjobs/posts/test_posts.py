"""Schemes by rulebook, employers' papers, posts and their approval: who may, when, and what follows."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from microcities.access.answers import RefusedError
from microcities.notices.models import Notice
from microcities.people.models import Account
from microcities.summerjobs.actions.hosts import (
    add_host_document,
    approve_host,
    change_host,
    join_scheme,
    name_supervisor,
    refuse_host,
    remove_host_document,
    withdraw_host,
)
from microcities.summerjobs.actions.posts import (
    allowed_ages,
    approve_post,
    change_post,
    make_post,
    offer_post,
    return_post,
    withdraw_post,
)
from microcities.summerjobs.actions.schemes import (
    call_off_period,
    change_scheme,
    close_scheme,
    open_scheme,
    publish_scheme,
    set_fund,
    set_period,
)
from microcities.summerjobs.models import Agreement, Post, SubProgramme, SummerHost, SummerScheme
from microcities.summerjobs.supervision import too_many
from tests import factories
from tests.summerjobs import summer as ground
from tests.summerjobs.summer import NOW, TODAY, YEAR, Summer, make_application, make_host, make_placement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def scheme_fields(**fields: Any) -> dict[str, Any]:
    return {
        "year": YEAR, "name": "Jauna vasara", "rules_version": "valmiera-2021-city", "posts_from_on": TODAY,
        "posts_until_on": TODAY, "apply_from_on": TODAY, "apply_until_on": TODAY, "holidays_from_on": date(YEAR, 6, 1),
        "holidays_until_on": date(YEAR, 8, 31), **fields,
    }


def opened(summer: Summer, **fields: Any) -> SummerScheme:
    return open_scheme(
        actor=summer.coordinator, organisation=summer.city, programme=summer.world.programme, city=summer.world.valmiera,
        **scheme_fields(**fields),
    )


def post_fields(summer: Summer, **fields: Any) -> dict[str, Any]:
    return {
        "period": summer.june, "programme": summer.programme, "name": "Datu ievade", "tasks": "Ievada datus.",
        "address": "Rīgas iela 2", "age_from": 15, "age_to": 19, "places": 3, "starts_at": time(9), "work_days": 10,
        "supervisor": summer.supervisor, **fields,
    }


def written(summer: Summer, **fields: Any) -> Post:
    return make_post(actor=summer.firm_account, host=summer.host, **post_fields(summer, **fields))


# --- schemes ---


def test_scheme_takes_its_parts_from_the_rulebook(summer: Summer) -> None:
    made = opened(summer)
    assert {each.code for each in made.programmes.all()} == {"municipal", "firms"}
    assert made.rules.hours_at(14) is not None
    assert made.published_at is None
    with pytest.raises(ValidationError):
        opened(summer)  # the same name and year
    with pytest.raises(ValidationError):
        opened(summer, name="Cita", rules_version="nowhere-1")
    with pytest.raises(ValidationError):
        opened(summer, name="Cita", apply_until_on=TODAY - timedelta(days=1))


@pytest.mark.parametrize("name", ["other_coordinator", "firm_account", "anna_account", "auditor", "stranger"])
def test_only_the_citys_own_staff_open_and_change_a_scheme(summer: Summer, name: str) -> None:
    actor = getattr(summer, name)
    with pytest.raises(RefusedError):
        open_scheme(
            actor=actor, organisation=summer.city, programme=summer.world.programme, city=summer.world.valmiera,
            **scheme_fields(),
        )
    for act in (publish_scheme, close_scheme):
        with pytest.raises(RefusedError):
            act(actor=actor, scheme=summer.scheme)
    with pytest.raises(RefusedError):
        change_scheme(actor=actor, scheme=summer.scheme, name="Mana")


def test_scheme_is_published_with_a_period_and_money_and_closed_for_good(summer: Summer) -> None:
    made = opened(summer)
    with pytest.raises(RefusedError, match="period"):
        publish_scheme(actor=summer.coordinator, scheme=made)
    set_period(
        actor=summer.coordinator, scheme=made, code="june", name="Jūnijs", name_en="June", first_on=date(YEAR, 6, 1),
        last_on=date(YEAR, 6, 21),
    )
    set_fund(actor=summer.coordinator, scheme=made, code="city", source=summer.world.city_budget, budget=Decimal("100.00"))
    assert publish_scheme(actor=summer.coordinator, scheme=made).published_at is not None
    close_scheme(actor=summer.coordinator, scheme=made)
    with pytest.raises(RefusedError, match="closed"):
        change_scheme(actor=summer.coordinator, scheme=made, name="Vēl")


def test_period_with_pupils_keeps_its_days_and_cannot_be_called_off(summer: Summer) -> None:
    make_placement(summer, make_application(summer), ground.make_post(summer))
    with pytest.raises(ValidationError):
        set_period(
            actor=summer.coordinator, scheme=summer.scheme, code="june", name="Jūnijs", name_en="June",
            first_on=date(YEAR, 6, 2), last_on=date(YEAR, 6, 21),
        )
    with pytest.raises(RefusedError):
        call_off_period(actor=summer.coordinator, period=summer.june, reason="Ārkārtas stāvoklis")


def test_called_off_period_closes_its_posts_and_tells_the_employers(summer: Summer) -> None:
    post = ground.make_post(summer)
    assert Post.objects.open().filter(pk=post.pk).exists()
    call_off_period(actor=summer.coordinator, period=summer.june, reason="Ārkārtas stāvoklis")
    assert not Post.objects.open().filter(pk=post.pk).exists()
    assert Notice.objects.filter(account=summer.firm_account).count() == 1


# --- employers ---


def test_employer_joins_brings_papers_and_is_approved(summer: Summer) -> None:
    host = join_scheme(actor=summer.other_account, scheme=summer.scheme, organisation=summer.other_firm)
    assert (host.kind, host.state) == ("company", "applied")
    with pytest.raises(RefusedError, match="declared"):
        approve_host(actor=summer.coordinator, host=host, aid_basis="general_measure")
    change_host(actor=summer.other_account, host=host, insured=True, no_tax_debt=True, risks_assessed_on=TODAY)
    with pytest.raises(RefusedError, match="lawful"):
        approve_host(actor=summer.coordinator, host=host)
    approved = approve_host(actor=summer.coordinator, host=host, aid_basis="de_minimis")
    assert (approved.state, approved.aid_basis, approved.checked_by_id) == ("approved", "de_minimis", summer.coordinator.pk)
    assert Notice.objects.filter(account=summer.other_account).count() == 1
    assert change_host(actor=summer.other_account, host=host, most_pupils=4).state == "applied"


def test_employers_decide_for_themselves_alone_and_cities_for_their_schemes(summer: Summer) -> None:
    with pytest.raises(RefusedError):
        join_scheme(actor=summer.firm_account, scheme=summer.scheme, organisation=summer.other_firm)
    for actor in (summer.other_coordinator, summer.firm_account, summer.auditor, summer.anna_account):
        with pytest.raises(RefusedError):
            refuse_host(actor=actor, host=summer.host, finding="Nē")
    for actor in (summer.coordinator, summer.other_account):
        with pytest.raises(RefusedError):
            change_host(actor=actor, host=summer.host, insured=False)
    factories.give_role(summer.coordinator, summer.firm, "employer")
    actor = Account.objects.get(pk=summer.coordinator.pk)
    with pytest.raises(RefusedError, match="yourself"):
        approve_host(actor=actor, host=summer.host, aid_basis="general_measure")


def test_paper_is_judged_by_content_and_stays_once_decided(summer: Summer) -> None:
    host = join_scheme(actor=summer.other_account, scheme=summer.scheme, organisation=summer.other_firm)
    paper = SimpleUploadedFile("riski.pdf", PDF)
    made = add_host_document(actor=summer.other_account, host=host, title="Risku novērtējums", file=paper)
    assert (made.name, made.size) == ("riski.pdf", len(PDF))
    with pytest.raises(RefusedError):
        add_host_document(
            actor=summer.other_account, host=host, title="X", file=SimpleUploadedFile("riski.pdf", b"MZ not a pdf")
        )
    with pytest.raises(RefusedError):
        remove_host_document(actor=summer.firm_account, document=made)
    SummerHost.objects.filter(pk=host.pk).update(
        state="approved", insured=True, no_tax_debt=True, risks_assessed_on=TODAY, aid_basis="de_minimis", checked_at=NOW
    )
    made.refresh_from_db()
    with pytest.raises(RefusedError, match="stay"):
        remove_host_document(actor=summer.other_account, document=made)


def test_supervisor_is_one_person_on_the_record_and_named_once(summer: Summer) -> None:
    names = {"given_name": "Ilze", "family_name": "Priede"}
    first = name_supervisor(actor=summer.firm_account, host=summer.host, **names)
    other = opened(summer, name="Otra")
    SummerScheme.objects.filter(pk=other.pk).update(published_at=NOW)
    again = make_host(other, summer.firm)
    second = name_supervisor(actor=summer.firm_account, host=again, **names)
    assert first.person == second.person
    with pytest.raises(ValidationError):
        name_supervisor(actor=summer.firm_account, host=summer.host, **names)


# --- posts ---


def test_post_is_written_offered_and_approved(summer: Summer) -> None:
    post = written(summer)
    assert post.state == "draft"
    offer_post(actor=summer.firm_account, post=post)
    with pytest.raises(RefusedError):
        offer_post(actor=summer.firm_account, post=post)
    approved = approve_post(actor=summer.coordinator, post=post, fund=summer.fund)
    assert (approved.state, approved.fund, approved.decided_by_id) == ("approved", summer.fund, summer.coordinator.pk)
    assert Notice.objects.filter(account=summer.firm_account).count() == 1


def test_firm_offers_in_its_own_sub_programme_alone(summer: Summer) -> None:
    municipal = SubProgramme.objects.get(scheme=summer.scheme, code="municipal")
    with pytest.raises(RefusedError, match="other kinds"):
        written(summer, programme=municipal)
    body = make_host(summer.scheme, factories.make_organisation("Muzejs", kind="municipality"), kind="municipal", aid_basis="")
    factories.give_role(summer.other_account, body.organisation, "employer")
    actor = Account.objects.get(pk=summer.other_account.pk)
    made = make_post(
        actor=actor, host=body, **post_fields(summer, programme=municipal, supervisor=None)
    )
    assert made.programme == municipal


def test_post_that_is_lawful_for_nobody_is_not_offered(summer: Summer) -> None:
    heavy = written(summer, age_from=13, age_to=14)
    with pytest.raises(RefusedError, match="Nobody"):
        offer_post(actor=summer.firm_account, post=heavy)
    late = written(summer, starts_at=time(20), name="Vakara darbs", age_from=15, age_to=17)
    assert {each.reason for each in allowed_ages(late)} == {"night"}
    with pytest.raises(RefusedError):
        offer_post(actor=summer.firm_account, post=late)


def test_hours_by_age_are_those_of_law_and_scheme(summer: Summer) -> None:
    post = written(summer, age_from=13, age_to=18, light_task="weeding")
    assert {each.age: each.longest for each in allowed_ages(post)} == {
        13: 240, 14: 240, 15: 420, 16: 420, 17: 420, 18: 480,
    }
    short = written(summer, name="Īss darbs", age_from=13, age_to=18, light_task="weeding", day_minutes=180)
    assert {each.longest for each in allowed_ages(short)} == {180}


def test_change_after_approval_is_checked_again_and_clears_signatures(summer: Summer) -> None:
    post = ground.make_post(summer)
    placement = make_placement(summer, make_application(summer), post)
    agreement = Agreement.objects.create(placement=placement, version=1, terms={}, terms_sha256="a" * 64, made_at=NOW)
    changed = change_post(actor=summer.firm_account, post=post, access_note="Ir lifts.")
    agreement.refresh_from_db()
    assert (changed.state, agreement.replaced_at) == ("approved", None)
    changed = change_post(actor=summer.firm_account, post=post, tasks="Cits darbs.")
    agreement.refresh_from_db()
    assert changed.state == "offered"
    assert agreement.replaced_at is not None


def test_reserves_are_of_known_groups_and_fit(summer: Summer) -> None:
    with pytest.raises(ValueError, match="no groups"):
        make_post(actor=summer.firm_account, host=summer.host, reserves={"friends": 1}, **post_fields(summer))


def test_post_goes_back_with_a_question_and_is_withdrawn_by_either_side(summer: Summer) -> None:
    post = written(summer)
    offer_post(actor=summer.firm_account, post=post)
    with pytest.raises(RefusedError):
        return_post(actor=summer.coordinator, post=post, question=" ")
    assert return_post(actor=summer.coordinator, post=post, question="Kas ir darba vadītājs?").state == "returned"
    offer_post(actor=summer.firm_account, post=post)
    assert withdraw_post(actor=summer.coordinator, post=post).state == "withdrawn"
    with pytest.raises(RefusedError):
        change_post(actor=summer.firm_account, post=post, name="X")
    taken = ground.make_post(summer)
    make_placement(summer, make_application(summer), taken)
    with pytest.raises(RefusedError, match="placed"):
        withdraw_post(actor=summer.firm_account, post=taken)
    with pytest.raises(RefusedError, match="offered"):
        withdraw_host(actor=summer.firm_account, host=summer.host)


def test_supervisor_has_at_most_ten_pupils_at_a_time(summer: Summer) -> None:
    ground.make_post(summer, places=7)
    ground.make_post(summer, places=9, period=summer.july)
    fits = ground.make_post(summer, places=3, state="offered")
    assert too_many(fits) is None
    over = ground.make_post(summer, places=4, state="offered")
    found = too_many(over)
    assert found is not None
    assert (found.count, found.most) == (11, 10)
    with pytest.raises(RefusedError, match="11"):
        approve_post(actor=summer.coordinator, post=over, fund=summer.fund)


@pytest.mark.parametrize("name", ["other_coordinator", "firm_account", "other_account", "anna_account", "auditor"])
def test_only_the_schemes_city_approves(summer: Summer, name: str) -> None:
    post = ground.make_post(summer, state="offered")
    with pytest.raises(RefusedError):
        approve_post(actor=getattr(summer, name), post=post, fund=summer.fund)
    with pytest.raises(RefusedError):
        return_post(actor=getattr(summer, name), post=post, question="Kāpēc?")


@pytest.mark.parametrize("name", ["other_account", "other_coordinator", "anna_account", "auditor"])
def test_only_its_own_people_write_change_and_offer_a_post(summer: Summer, name: str) -> None:
    actor, post = getattr(summer, name), written(summer)
    for act in (
        lambda: make_post(actor=actor, host=summer.host, **post_fields(summer, name="Cits")),
        lambda: change_post(actor=actor, post=post, name="Cits"), lambda: offer_post(actor=actor, post=post),
        lambda: withdraw_post(actor=actor, post=post),
    ):
        with pytest.raises(RefusedError):
            act()
