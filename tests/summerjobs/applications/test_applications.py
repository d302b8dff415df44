"""Pupils apply, guardians say what the law asks for, staff check; closed posts say why, and what goes into a draw is known."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from microcities.access.answers import RefusedError
from microcities.notices.models import Notice
from microcities.people.models import Guardianship
from microcities.summerjobs.actions.applications import (
    ALPHABET,
    add_document,
    begin_application,
    move_wish,
    remove_document,
    send_application,
    set_groups,
    set_wishes,
    withdraw_application,
    write_application,
)
from microcities.summerjobs.actions.checking import (
    ask_for_missing,
    confirm_facts,
    refuse_application,
    say_word,
    see_group,
    take_word_back,
)
from microcities.summerjobs.application_rules import counts_in_draw, standing_of
from microcities.summerjobs.eligible import Openness
from microcities.summerjobs.models import Application, ApplicationDocument, GuardianWord, SubProgramme, SummerScheme, Wish
from microcities.summerjobs.working_days import Law, YoungWorker
from tests.rushing import at_once
from tests.summerjobs.posts.test_posts import PDF
from tests.summerjobs.summer import NOW, TODAY, YEAR, Summer, aged, make_application, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def begun(summer: Summer, **fields: Any) -> Application:
    """Anna's own draft with school and residence."""
    found = begin_application(actor=summer.anna_account, scheme=summer.scheme, person=summer.anna)
    return write_application(actor=summer.anna_account, application=found, **{
        "level": "secondary", "school": summer.school, "basic_finished_on": date(YEAR - 1, 6, 10), "residence": "valmiera",
        "declared_on": date(2015, 1, 1), **fields,
    })


def ranks(application: Application) -> list[int]:
    return list(application.wishes.order_by("rank").values_list("post_id", flat=True))


# --- applying ---


def test_pupil_applies_once_under_a_code_without_signs_that_look_alike(summer: Summer) -> None:
    first = begin_application(actor=summer.anna_account, scheme=summer.scheme, person=summer.anna)
    again = begin_application(actor=summer.guardian, scheme=summer.scheme, person=summer.anna)
    assert first == again
    assert len(first.code) == 8
    assert set(first.code) <= set(ALPHABET)
    assert not {"0", "O", "1", "I"} & set(ALPHABET)
    assert first.residence == "valmiera"


@pytest.mark.parametrize("name", ["child_account", "firm_account", "other_coordinator", "stranger", "auditor"])
def test_nobody_else_applies_for_a_pupil_or_changes_the_application(summer: Summer, name: str) -> None:
    actor, own = getattr(summer, name), begun(summer)
    for act in (
        lambda: begin_application(actor=actor, scheme=summer.scheme, person=summer.anna),
        lambda: write_application(actor=actor, application=own, phone="1"),
        lambda: set_wishes(actor=actor, application=own, posts=[]), lambda: send_application(actor=actor, application=own),
        lambda: withdraw_application(actor=actor, application=own),
    ):
        with pytest.raises(RefusedError):
            act()


def test_application_needs_its_parts_before_it_is_sent_and_can_be_sent_again(summer: Summer) -> None:
    draft = begin_application(actor=summer.anna_account, scheme=summer.scheme, person=summer.anna)
    with pytest.raises(RefusedError, match=r"School, Posts"):
        send_application(actor=summer.anna_account, application=draft)
    own, post = begun(summer), make_post(summer)
    set_wishes(actor=summer.anna_account, application=own, posts=[post])
    assert send_application(actor=summer.anna_account, application=own).submitted_at is not None
    withdrawn = withdraw_application(actor=summer.anna_account, application=own)
    assert not counts_in_draw(withdrawn, Law(summer.scheme))
    assert send_application(actor=summer.anna_account, application=own).withdrawn_at is None


def test_application_is_taken_on_its_days_alone(summer: Summer) -> None:
    own = begun(summer)
    SummerScheme.objects.filter(pk=summer.scheme.pk).update(
        apply_from_on=TODAY - timedelta(days=9), apply_until_on=TODAY - timedelta(days=1)
    )
    own.refresh_from_db()
    for act in (
        lambda: write_application(actor=summer.anna_account, application=own, phone="1"),
        lambda: begin_application(
            actor=summer.child_account, scheme=SummerScheme.objects.get(pk=summer.scheme.pk), person=summer.child
        ),
    ):
        with pytest.raises(RefusedError, match="cannot apply on this day"):
            act()


def test_wishes_are_ordered_moved_and_refused_with_the_reason(summer: Summer) -> None:
    own = begun(summer)
    posts = [make_post(summer) for _each in range(3)]
    heavy = make_post(summer, age_from=17)
    set_wishes(actor=summer.anna_account, application=own, posts=posts)
    move_wish(actor=summer.anna_account, application=own, post=posts[2].pk, steps=-1)
    assert ranks(own) == [posts[0].pk, posts[2].pk, posts[1].pk]
    move_wish(actor=summer.anna_account, application=own, post=posts[0].pk, steps=-1)
    move_wish(actor=summer.anna_account, application=own, post=posts[0].pk, steps=1)
    assert ranks(own) == [posts[2].pk, posts[0].pk, posts[1].pk]
    for wrong, said in (
        ([heavy], "takes pupils from 17"), ([posts[0], posts[0]], "named twice"),
        ([*posts, *(make_post(summer) for _each in range(3))], "5 posts at most"),
        ([make_post(summer, state="offered")], "not offered any more"),
    ):
        with pytest.raises(RefusedError, match=said):
            set_wishes(actor=summer.anna_account, application=own, posts=wrong)
    assert ranks(own) == [posts[2].pk, posts[0].pk, posts[1].pk]


def test_changed_facts_are_checked_again(summer: Summer) -> None:
    own = make_application(summer, summer.anna, make_post(summer))
    assert confirm_facts(actor=summer.coordinator, application=own).checked_at is not None
    changed = write_application(actor=summer.anna_account, application=own, class_name="10.b")
    assert (changed.checked_at, changed.checked_by_id) == (None, None)


def test_friend_is_another_and_papers_are_judged_and_gone_for_good(summer: Summer) -> None:
    own = begun(summer)
    with pytest.raises(RefusedError, match="your own code"):
        write_application(actor=summer.anna_account, application=own, together_with=own.code)
    paper = add_document(
        actor=summer.guardian, application=own, title="Ārsta izziņa", file=SimpleUploadedFile("izzina.pdf", PDF)
    )
    with pytest.raises(RefusedError):
        add_document(actor=summer.anna_account, application=own, title="X", file=SimpleUploadedFile("x.pdf", b"MZ"))
    remove_document(actor=summer.anna_account, document=paper)
    assert not ApplicationDocument.objects.exists()


# --- what the law asks of guardians ---


def test_childs_application_counts_only_with_a_guardians_consent(summer: Summer) -> None:
    law, own = Law(summer.scheme), make_application(summer, summer.child, make_post(summer))
    assert standing_of(own, law) == "child"
    assert "guardian has to consent" in str(counts_in_draw(own, law).reason)
    word = say_word(actor=summer.guardian, application=own, kind="consent")
    assert "I consent to the pupil working" in word.text or "piekrītu" in word.text.lower()
    assert counts_in_draw(own, law)
    take_word_back(actor=summer.guardian, application=own)
    assert not counts_in_draw(own, law)
    say_word(actor=summer.guardian, application=own, kind="refused")
    assert "does not consent" in str(counts_in_draw(own, law).reason)


def test_teenager_signs_alone_and_a_guardian_is_told(summer: Summer) -> None:
    law, post = Law(summer.scheme), make_post(summer)
    own = begun(summer)
    set_wishes(actor=summer.anna_account, application=own, posts=[post])
    send_application(actor=summer.anna_account, application=own)
    own.refresh_from_db()
    assert standing_of(own, law) == "teenager"
    assert counts_in_draw(own, law)
    assert Notice.objects.filter(account=summer.guardian).count() == 1
    say_word(actor=summer.guardian, application=own, kind="informed")
    say_word(actor=summer.guardian, application=own, kind="informed")
    assert GuardianWord.objects.filter(application=own, withdrawn_at__isnull=True).count() == 1


def test_sixteen_year_old_in_basic_education_is_a_child(summer: Summer) -> None:
    own = make_application(summer, summer.anna, make_post(summer), basic_finished_on=None)
    assert standing_of(own, Law(summer.scheme)) == "child"


def test_only_todays_guardian_speaks(summer: Summer) -> None:
    own = make_application(summer, summer.child, make_post(summer))
    for actor in (summer.child_account, summer.coordinator, summer.firm_account, summer.stranger, summer.anna_account):
        with pytest.raises(RefusedError):
            say_word(actor=actor, application=own, kind="consent")
    Guardianship.objects.filter(ward=summer.child).update(
        valid_from=TODAY - timedelta(days=9), valid_to=TODAY - timedelta(days=1)
    )
    with pytest.raises(RefusedError):
        say_word(actor=summer.guardian, application=own, kind="consent")


# --- which posts are open ---


def test_posts_are_closed_by_rules_of_the_scheme_the_employer_and_the_law(summer: Summer) -> None:
    openness = Openness(summer.scheme)
    municipal = SubProgramme.objects.get(scheme=summer.scheme, code="municipal")
    light, heavy = make_post(summer), make_post(summer, light_task="")
    anna, child = make_application(summer, summer.anna), make_application(summer, summer.child)
    assert openness.shut(anna, light) is None
    assert openness.shut(anna, heavy) is None
    assert openness.shut(child, light) is None
    cases = (
        (child, heavy, "not_light_work"), (child, make_post(summer, starts_at=time(19)), "night"),
        (anna, make_post(summer, age_to=15, age_from=13), "post_age"),
    )
    for application, post, code in cases:
        shut = openness.shut(application, post)
        assert shut is not None
        assert shut.code == code
    late = make_application(summer, declared_on=date(2020, 1, 2))
    shut = openness.shut(late, make_post(summer, programme=municipal))
    assert shut is not None
    assert (shut.code, "1 January 2020" in shut.words) == ("declared_too_late", True)
    away = make_application(summer, school=None)
    shut = openness.shut(away, light)
    assert shut is not None
    assert shut.code == "no_school"


def test_birthday_in_the_period_lengthens_the_days_after_it(summer: Summer) -> None:
    summer.child.birth_on = date(YEAR - 15, 6, 9)
    summer.child.save()
    worker = Openness(summer.scheme).law
    days = worker.planned_days(make_post(summer), YoungWorker(date(YEAR - 15, 6, 9)))
    assert {day.minutes for day in days if day.on < date(YEAR, 6, 9)} == {240}
    assert {day.minutes for day in days if day.on >= date(YEAR, 6, 9)} == {420}


# --- the city ---


def test_staff_check_ask_and_refuse_and_the_pupil_is_told(summer: Summer) -> None:
    own = make_application(summer, summer.anna, make_post(summer))
    ask_for_missing(actor=summer.coordinator, application=own, missing="Klases nosaukums")
    assert Notice.objects.filter(account=summer.anna_account).count() == 1
    assert Notice.objects.filter(account=summer.guardian).count() == 1
    refused = refuse_application(actor=summer.coordinator, application=own, reason="Dzīvo citur")
    assert "refused" in str(counts_in_draw(refused, Law(summer.scheme)).reason)
    with pytest.raises(RefusedError):
        send_application(actor=summer.anna_account, application=refused)
    for words in ("", "  "):
        with pytest.raises(RefusedError):
            refuse_application(actor=summer.coordinator, application=own, reason=words)


@pytest.mark.parametrize("name", ["other_coordinator", "firm_account", "anna_account", "guardian", "auditor", "stranger"])
def test_only_the_schemes_staff_check(summer: Summer, name: str) -> None:
    own, actor = make_application(summer, summer.anna, make_post(summer)), getattr(summer, name)
    for act in (
        lambda: confirm_facts(actor=actor, application=own),
        lambda: ask_for_missing(actor=actor, application=own, missing="X"),
        lambda: refuse_application(actor=actor, application=own, reason="X"),
    ):
        with pytest.raises(RefusedError):
            act()


def test_staff_do_not_check_their_own_child(summer: Summer) -> None:
    own = make_application(summer, summer.child, make_post(summer))
    Guardianship.objects.create(
        guardian=summer.coordinator.person, ward=summer.child, proof="Redzēta", valid_from=TODAY, confirmed_by_id=1
    )
    with pytest.raises(RefusedError, match="Somebody else"):
        confirm_facts(actor=summer.coordinator, application=own)


def test_group_counts_once_its_proof_is_seen(summer: Summer) -> None:
    own = make_application(summer, summer.anna, make_post(summer))
    with pytest.raises(ValueError, match="no groups"):
        set_groups(actor=summer.anna_account, application=own, groups=["tall"])
    claim = own.groups.create(group="large_family")
    seen = see_group(actor=summer.coordinator, claim=claim)
    assert (seen.seen_on, seen.seen_by_id) == (TODAY, summer.coordinator.pk)


# --- at the same moment ---


@pytest.mark.django_db(transaction=True)
def test_two_windows_begin_one_application(summer: Summer) -> None:
    answers = at_once(
        lambda _client: begin_application(actor=summer.anna_account, scheme=summer.scheme, person=summer.anna).pk
    )
    assert len(set(answers)) == 1
    assert Application.objects.filter(person=summer.anna).count() == 1


@pytest.mark.django_db(transaction=True)
def test_wishes_saved_at_once_are_one_of_the_lists_whole(summer: Summer) -> None:
    own = make_application(summer, summer.anna)
    posts = [make_post(summer) for _each in range(4)]
    lists = [posts[:3], posts[1:4]]
    at_once(lambda client: set_wishes(actor=summer.anna_account, application=own, posts=lists[client % 2]))
    assert ranks(own) in [[each.pk for each in found] for found in lists]
    assert Wish.objects.filter(application=own).count() == 3


def test_young_people_below_thirteen_have_no_open_post(summer: Summer) -> None:
    summer.child.birth_on = aged(12)
    summer.child.save()
    own = make_application(summer, summer.child, submitted_at=NOW)
    shut = Openness(summer.scheme).shut(own, make_post(summer))
    assert shut is not None
    assert shut.code == "too_young"
