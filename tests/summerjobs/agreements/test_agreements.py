"""Agreements: who makes and signs them, in which order, what the law refuses, and what a change of the post does to them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from microcities.access.answers import RefusedError
from microcities.decisions.canonical import sha256_of
from microcities.notices.models import Notice
from microcities.notices.worklist import tasks_for
from microcities.people.models import Account
from microcities.summerjobs.actions.agreements import (
    bring_signed_file,
    make_agreement,
    note_medical,
    sign_agreement,
    take_signature_back,
)
from microcities.summerjobs.actions.posts import change_post
from microcities.summerjobs.agreement_rules import is_signed, parties_of
from microcities.summerjobs.agreement_terms import Pay, least_pay, objections
from microcities.summerjobs.models import Agreement, Placement, Post, Signature
from microcities.summerjobs.working_days import Law
from tests import factories
from tests.rushing import at_once
from tests.summerjobs.applications.test_application_pages import statuses, text
from tests.summerjobs.posts.test_posts import PDF
from tests.summerjobs.summer import TODAY, Summer, aged, make_application, make_host, make_placement, make_post, make_supervisor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def placed(summer: Summer, person: Any = None, **fields: Any) -> Placement:
    """An accepted place of Anna (16), or of somebody else."""
    post = make_post(summer, **fields)
    return make_placement(summer, make_application(summer, person or summer.anna, post), post)


def made(summer: Summer, **fields: Any) -> Agreement:
    return make_agreement(actor=summer.firm_account, placement=placed(summer, **fields))


def titles(account: Account) -> set[str]:
    return {str(task.title) for task in tasks_for(account)}


# --- terms and law ---


def test_terms_are_days_hours_work_and_pay_without_a_name(summer: Summer) -> None:
    found = made(summer)
    terms = found.terms
    assert (len(terms["days"]), terms["minutes"]) == (10, 10 * 7 * 60)
    assert terms["days"][0] == {"on": f"{summer.june.first_on + skip(summer):%Y-%m-%d}", "from": "09:00", "to": "16:30",
                                "minutes": 420, "break": 30}
    assert found.terms_sha256 == sha256_of(terms)
    assert summer.anna.family_name not in str(terms)
    assert Notice.objects.filter(dedupe_key=f"summerjobs.agreement.asked:{found.pk}:{summer.anna_account.pk}").exists()


def skip(summer: Summer) -> timedelta:
    """Days from the first of June to its first working day."""
    weekday = summer.june.first_on.weekday()
    return timedelta(days=7 - weekday if weekday > 4 else 0)


def test_days_lie_within_the_placement(summer: Summer) -> None:
    placement = placed(summer)
    placement.first_on += timedelta(days=7)
    placement.save()
    found = make_agreement(actor=summer.firm_account, placement=placement)
    assert min(each["on"] for each in found.terms["days"]) >= placement.first_on.isoformat()
    assert len(found.terms["days"]) < 10


def test_pay_is_the_minimum_of_each_days_month_rounded_once(summer: Summer) -> None:
    """2021: EUR 500 a month; July had 22 working days, under 18 a day has seven hours: 70 hours at 500/154 are 227.2727."""
    summer.july.first_on, summer.july.last_on = date(2021, 7, 1), date(2021, 7, 21)
    summer.july.save()
    post = make_post(summer, period=summer.july)
    pupil = factories.make_person(birth_on=date(2005, 1, 1))
    placement = make_placement(summer, make_application(summer, pupil, post, basic_finished_on=date(2020, 6, 10)), post)
    type(summer.scheme).objects.filter(pk=summer.scheme.pk).update(
        holidays_from_on=date(2021, 6, 1), holidays_until_on=date(2021, 8, 31)
    )
    found = least_pay(placement, Law(type(summer.scheme).objects.get(pk=summer.scheme.pk)))
    assert found == Pay(Decimal("227.27"), known=True)
    # An employer who pays twice the minimum pays twice.
    placement.post.monthly_wage = Decimal("1000.00")
    assert least_pay(placement, Law(placement.post.host.scheme)).amount == Decimal("454.55")


def test_law_is_asked_before_an_agreement_is_made(summer: Summer) -> None:
    assert objections(placed(summer), Law(summer.scheme)) == []
    child = placed(summer, summer.child, light_task="")
    with pytest.raises(RefusedError, match="only light work"):
        make_agreement(actor=summer.firm_account, placement=child)


# --- who makes and signs ---


def test_agreement_is_made_by_employer_or_city_of_an_accepted_place_once(summer: Summer) -> None:
    placement = placed(summer)
    for stranger in (summer.anna_account, summer.guardian, summer.other_account, summer.other_coordinator, summer.auditor):
        with pytest.raises(RefusedError, match="by the employer or the city"):
            make_agreement(actor=stranger, placement=placement)
    assert "Make the agreement on summer work" in titles(summer.firm_account)
    make_agreement(actor=summer.coordinator, placement=placement)
    with pytest.raises(RefusedError, match="already"):
        make_agreement(actor=summer.firm_account, placement=placement)
    offered = placed(summer, summer.child)
    Placement.objects.filter(pk=offered.pk).update(state="offered", answered_at=None)
    with pytest.raises(RefusedError, match="has accepted"):
        make_agreement(actor=summer.firm_account, placement=offered)


def test_guardian_of_a_minor_signs_before_the_contract_is_made(summer: Summer) -> None:
    found = made(summer)
    assert parties_of(found.placement) == ["guardian", "employer", "city", "pupil"]
    for account in (summer.firm_account, summer.anna_account, summer.guardian):
        assert "Sign an agreement on summer work" in titles(account)
    sign_agreement(actor=summer.firm_account, agreement=found, party="employer")
    with pytest.raises(RefusedError, match="guardian signs before"):
        sign_agreement(actor=summer.anna_account, agreement=found, party="pupil")
    with pytest.raises(RefusedError, match="party itself"):
        sign_agreement(actor=summer.anna_account, agreement=found, party="guardian")
    sign_agreement(actor=summer.guardian, agreement=found, party="guardian")
    sign_agreement(actor=summer.anna_account, agreement=found, party="pupil")
    assert not is_signed(found)
    with pytest.raises(RefusedError, match="signed already"):
        sign_agreement(actor=summer.anna_account, agreement=found, party="pupil")
    sign_agreement(actor=summer.coordinator, agreement=found, party="city")
    assert is_signed(Agreement.objects.get(pk=found.pk))
    assert Notice.objects.filter(dedupe_key=f"summerjobs.agreement.signed:{found.pk}:{summer.guardian.pk}").exists()
    assert "Sign an agreement on summer work" not in titles(summer.guardian)


def test_adult_pupil_needs_no_guardian(summer: Summer) -> None:
    adult = factories.make_person("Pēteris", "Pilngadīgs", birth_on=aged(19), place="valmiera")
    found = make_agreement(actor=summer.firm_account, placement=placed(summer, adult))
    assert parties_of(found.placement) == ["employer", "city", "pupil"]


def test_signature_is_taken_back_until_all_have_signed(summer: Summer) -> None:
    adult = factories.make_person("Pēteris", "Pilngadīgs", birth_on=aged(19), place="valmiera")
    account = factories.make_account("pilngadigs@example.org", adult)
    found = make_agreement(actor=summer.firm_account, placement=placed(summer, adult))
    sign_agreement(actor=account, agreement=found, party="pupil")
    with pytest.raises(RefusedError, match="party itself"):
        take_signature_back(actor=summer.firm_account, agreement=found, party="pupil")
    take_signature_back(actor=account, agreement=found, party="pupil")
    assert not Signature.objects.exists()
    for who, party in ((account, "pupil"), (summer.firm_account, "employer"), (summer.coordinator, "city")):
        sign_agreement(actor=who, agreement=found, party=party)
    with pytest.raises(RefusedError, match="Everybody has signed"):
        take_signature_back(actor=account, agreement=found, party="pupil")


def test_signed_file_is_brought_for_a_party_and_goes_with_the_signature(summer: Summer) -> None:
    found = made(summer)
    with pytest.raises(RefusedError):
        bring_signed_file(
            actor=summer.firm_account, agreement=found, party="guardian", file=SimpleUploadedFile("l.pdf", b"no paper")
        )
    with pytest.raises(RefusedError, match="employer or the city"):
        bring_signed_file(
            actor=summer.anna_account, agreement=found, party="guardian", file=SimpleUploadedFile("l.pdf", PDF)
        )
    kept = bring_signed_file(
        actor=summer.firm_account, agreement=found, party="guardian", file=SimpleUploadedFile("līgums.pdf", PDF)
    )
    assert (kept.how, kept.name) == ("file", "līgums.pdf")
    client = Client()
    client.force_login(summer.guardian)
    assert client.get(f"/en/summer/agreement-files/{kept.pk}/").status_code == 200
    client.force_login(summer.other_account)
    assert client.get(f"/en/summer/agreement-files/{kept.pk}/").status_code == 404


def test_change_of_the_post_takes_signatures_away_and_the_next_version_is_made_after_approval(summer: Summer) -> None:
    found = made(summer)
    sign_agreement(actor=summer.guardian, agreement=found, party="guardian")
    post = found.placement.post
    change_post(actor=summer.firm_account, post=post, address="Rīgas iela 2")
    with pytest.raises(RefusedError, match="terms have changed"):
        sign_agreement(actor=summer.anna_account, agreement=Agreement.objects.get(pk=found.pk), party="pupil")
    with pytest.raises(RefusedError, match="waits for the city"):
        make_agreement(actor=summer.firm_account, placement=found.placement)
    Post.objects.filter(pk=post.pk).update(state="approved")
    again = make_agreement(actor=summer.firm_account, placement=Placement.objects.get(pk=found.placement_id))
    assert (again.version, again.terms["address"], again.signatures.count()) == (2, "Rīgas iela 2", 0)
    assert again.terms_sha256 != found.terms_sha256


@pytest.mark.django_db(transaction=True)
def test_many_who_make_the_same_agreement_at_once_make_one(summer: Summer) -> None:
    placement = placed(summer)
    who = (summer.firm_account, summer.coordinator)
    answers = at_once(lambda client: make_agreement(actor=who[client % 2], placement=placement))
    assert Agreement.objects.count() == 1
    assert [each for each in answers if not isinstance(each, Agreement | RefusedError)] == []


def test_database_refuses_a_second_agreement_in_force(summer: Summer) -> None:
    found = made(summer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(
            placement=found.placement, version=2, terms=found.terms, terms_sha256=found.terms_sha256, made_at=found.made_at
        )


def test_medical_check_is_a_day_and_nothing_more(summer: Summer) -> None:
    placement = placed(summer)
    with pytest.raises(RefusedError, match="future"):
        note_medical(actor=summer.firm_account, placement=placement, medical_on=TODAY + timedelta(days=1))
    with pytest.raises(RefusedError):
        note_medical(actor=summer.other_account, placement=placement, medical_on=TODAY)
    assert note_medical(actor=summer.firm_account, placement=placement, medical_on=TODAY).medical_on == TODAY


# --- pages ---


def test_parties_sign_on_the_page_and_others_do_not_see_it(summer: Summer) -> None:
    placement = placed(summer)
    path = f"/en/summer/placements/{placement.public_id}/agreement/"
    assert statuses(summer, path) == [200, 404, 200, 200, 404, 200, 200, 404, 302]
    client = Client()
    client.force_login(summer.firm_account)
    assert "Make the agreement" in text(client.get(path))
    client.post(f"{path}make/")
    found = Agreement.objects.get()
    page = text(client.get(path))
    assert "70.0" in page
    assert "before taxes" in page
    # Who signs something else than what stands there is told so.
    assert "The terms have changed" in text(client.post(f"{path}employer/sign/", {"terms": "0" * 64}, follow=True))
    for who, party in (
        (summer.firm_account, "employer"), (summer.guardian, "guardian"), (summer.anna_account, "pupil"),
        (summer.coordinator, "city"),
    ):
        client.force_login(who)
        assert "I have read the terms and sign" in text(client.get(path))
        client.post(f"{path}{party}/sign/", {"terms": found.terms_sha256})
    assert is_signed(Agreement.objects.get())
    listed = f"/en/summer/{summer.scheme.pk}/agreements/"
    assert statuses(summer, listed) == [200, 403, 403, 403, 403, 403, 200, 403, 302]
    client.force_login(summer.coordinator)
    assert "signed" in text(client.get(listed))
    client.post(f"{path}medical/", {"medical_on": TODAY.isoformat()})
    placement.refresh_from_db()
    assert placement.medical_on == TODAY


def test_two_employers_do_not_see_each_others_agreements(summer: Summer) -> None:
    found = made(summer)
    other = make_host(summer.scheme, summer.other_firm)
    make_post(summer, host=other, supervisor=make_supervisor(other))
    client = Client()
    client.force_login(summer.other_account)
    path = f"/en/summer/placements/{found.placement.public_id}/agreement/"
    assert [client.get(path).status_code, client.post(f"{path}make/").status_code] == [404, 404]
    assert client.get(f"{path}medical/").status_code == 404
