"""A partner invites into its roles; the link works once, for the invited address, until it ends or is withdrawn."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from microcities.access.answers import RefusedError
from microcities.people.actions.memberships import invite_member
from microcities.people.jobs import send_invitation
from microcities.people.models import Account, Invitation, Membership
from microcities.people.rules import may_give_role
from microcities.trail.models import Action
from tests import factories
from tests.people.accounts.test_sign_up import PASSWORD
from tests.world import World

pytestmark = pytest.mark.django_db


def invited(world: World, email: str = "jauns@example.org", role: str = "career_counsellor", **fields: object) -> str:
    """Invite from Valda's organisation and let the job send it; returns the path of the mailed link."""
    invitation = invite_member(
        actor=world.valda, organisation=world.valmiera_partner, email=email, role=role, language="en", **fields
    )
    send_invitation(invitation_id=invitation.pk)
    return mailed_path()


def mailed_path() -> str:
    found = re.search(r"^http://127\.0\.0\.1:8000(/\S+)$", mail.outbox[-1].body, re.MULTILINE)
    assert found is not None, mail.outbox[-1].body
    return found[1]


def account_with(email: str) -> Account:
    account = factories.make_account(email)
    account.emailaddress_set.create(email=email, verified=True, primary=True)
    return account


def accept(client: Client, path: str) -> str:
    client.get(path)
    return client.post("/en/people/invitation/accept/", follow=True).content.decode()


def test_partner_invites_by_form_and_the_role_begins_on_acceptance(world: World, client: Client) -> None:
    client.force_login(world.valda)
    answer = client.post(
        "/en/people/members/invite/",
        {"organisation": world.valmiera_partner.pk, "email": "Jauns@Example.org", "role": "career_counsellor",
         "language": "en"},
    )
    assert (answer.status_code, answer["Location"]) == (302, "/en/people/members/")
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.invited_by_id) == ("jauns@example.org", world.valda.pk)
    assert invitation.sent_at is None
    send_invitation(invitation_id=invitation.pk)
    account = account_with("jauns@example.org")
    new = Client()
    new.force_login(account)
    text = accept(new, mailed_path())
    assert "You now hold the role “Career counsellor”." in text
    membership = Membership.objects.get(account=account)
    assert (membership.organisation, membership.role) == (world.valmiera_partner, "career_counsellor")
    assert membership.valid_from == timezone.localdate()
    assert Action.objects.filter(verb="people.accept_invitation", actor_id=account.pk).count() == 1


def test_the_secret_of_the_link_is_stored_as_a_hash_only(world: World) -> None:
    path = invited(world)
    token = path.rstrip("/").rpartition("/")[2]
    assert len(token) == 43
    from tests.people.identity.conftest import everything_stored

    assert token not in everything_stored()


def test_the_link_moves_the_secret_out_of_the_address(world: World, client: Client) -> None:
    path = invited(world)
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, "/en/people/invitation/")
    assert path.rstrip("/").rpartition("/")[2] not in client.get("/en/people/invitation/").content.decode()


def test_invitation_is_mailed_once_in_its_language(world: World) -> None:
    invitation = invite_member(
        actor=world.valda, organisation=world.valmiera_partner, email="a@example.org", role="participant", language="lv"
    )
    for _twice in range(2):
        send_invitation(invitation_id=invitation.pk)
    assert len(mail.outbox) == 1
    assert mail.outbox[0].to == ["a@example.org"]
    assert "/people/invitation/" in mail.outbox[0].body
    assert "/en/people/invitation/" not in mail.outbox[0].body


def test_invitation_works_once(world: World, client: Client) -> None:
    path = invited(world)
    client.force_login(account_with("jauns@example.org"))
    accept(client, path)
    assert "used, withdrawn or too old" in accept(client, path)
    assert Membership.objects.filter(account__email="jauns@example.org").count() == 1


def test_invitation_ends_after_fourteen_days(world: World, client: Client) -> None:
    path = invited(world)
    account = account_with("jauns@example.org")
    with time_machine.travel(timezone.now() + timedelta(days=14, seconds=1)):
        client.force_login(account)
        assert "used, withdrawn or too old" in accept(client, path)
    assert not Membership.objects.filter(account=account).exists()


def test_withdrawn_invitation_is_over(world: World, client: Client) -> None:
    path = invited(world)
    coordinator = Client()
    coordinator.force_login(world.valda)
    coordinator.post(f"/people/invitations/{Invitation.objects.get().pk}/withdraw/")
    client.force_login(account_with("jauns@example.org"))
    assert client.get(path, follow=True).status_code == 404
    assert "used, withdrawn or too old" in accept(client, path)


def test_a_new_invitation_replaces_the_open_one(world: World, client: Client) -> None:
    first = invited(world)
    invited(world)
    assert Invitation.objects.unanswered().count() == 1
    assert client.get(first, follow=True).status_code == 404


def test_forwarded_invitation_is_refused_to_another_address(world: World, client: Client) -> None:
    path = invited(world)
    client.force_login(account_with("cits@example.org"))
    assert "was sent to another e-mail address" in accept(client, path)
    assert not Membership.objects.filter(account__email="cits@example.org").exists()


def test_unverified_address_of_an_account_does_not_count(world: World, client: Client) -> None:
    path = invited(world)
    account = factories.make_account("cits@example.org")
    account.emailaddress_set.create(email="jauns@example.org", verified=False, primary=False)
    client.force_login(account)
    assert "was sent to another e-mail address" in accept(client, path)


def test_sign_up_through_the_link_needs_no_second_proof_of_the_address(world: World, client: Client) -> None:
    path = invited(world)
    client.get(path, follow=True)
    sent = len(mail.outbox)
    answer = client.post(
        "/en/accounts/signup/?next=/en/people/invitation/",
        {"email": "jauns@example.org", "password1": PASSWORD, "password2": PASSWORD, "next": "/en/people/invitation/"},
    )
    assert (answer.status_code, answer["Location"]) == (302, "/en/people/invitation/")
    assert len(mail.outbox) == sent
    assert "Accept" in client.get("/en/people/invitation/").content.decode()


def test_sign_up_with_another_address_still_has_to_prove_it(world: World, client: Client) -> None:
    client.get(invited(world), follow=True)
    client.post(
        "/en/accounts/signup/", {"email": "cits@example.org", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert "_auth_user_id" not in client.session


def test_accepting_ties_the_account_to_the_known_person(world: World, client: Client) -> None:
    known = factories.make_person("Jauns", "Darbinieks")
    factories.register(known, world.valmiera_partner)
    path = invited(world, person=known)
    account = account_with("jauns@example.org")
    client.force_login(account)
    accept(client, path)
    account.refresh_from_db()
    assert account.person == known


def test_account_of_another_person_is_not_tied(world: World, client: Client) -> None:
    path = invited(world, person=factories.make_person("Jauns", "Darbinieks"))
    account = account_with("jauns@example.org")
    account.person = factories.make_person("Cits", "Cilvēks")
    account.save()
    client.force_login(account)
    assert "belongs to another person" in accept(client, path)


def test_roles_that_may_be_given(world: World) -> None:
    def may(name: str, organisation: object, role: str) -> bool:
        return bool(may_give_role(getattr(world, name), organisation, role))

    own, other = world.valmiera_partner, world.ventspils_partner
    assert may("valda", own, "partner_reporter")
    assert not may("valda", own, "city_coordinator")
    assert not may("valda", own, "programme_manager")
    assert not may("valda", own, "auditor")
    assert not may("valda", other, "partner_reporter")
    assert may("marta", other, "auditor")
    assert may("marta", own, "auditor")
    assert not may("marta", own, "operator")
    assert not may("aija", other, "participant")
    assert not may("svens", own, "participant")


def test_role_that_may_not_be_given_is_refused_by_the_action(world: World) -> None:
    with pytest.raises(RefusedError):
        invite_member(
            actor=world.valda, organisation=world.ventspils_partner, email="a@example.org", role="participant",
            language="lv",
        )
    assert not Invitation.objects.exists()


def test_form_refuses_another_partners_organisation(world: World, client: Client) -> None:
    client.force_login(world.valda)
    answer = client.post(
        "/people/members/invite/",
        {"organisation": world.ventspils_partner.pk, "email": "a@example.org", "role": "participant", "language": "lv"},
    )
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_auditor_needs_an_end_in_form_and_database(world: World, client: Client) -> None:
    client.force_login(world.marta)
    data = {"organisation": world.ventspils_partner.pk, "email": "a@example.org", "role": "auditor", "language": "en"}
    text = client.post("/en/people/members/invite/", data).content.decode()
    assert "Enter the day on which the auditor’s role ends." in text or "auditor&#x27;s role ends" in text
    with pytest.raises(IntegrityError), transaction.atomic():
        invite_member(
            actor=world.marta, organisation=world.ventspils_partner, email="a@example.org", role="auditor",
            language="lv",
        )


def test_auditor_takes_no_second_role(world: World, client: Client) -> None:
    world.aija.emailaddress_set.create(email=world.aija.email, verified=True, primary=True)
    path = invited(world, email="aija@example.org", role="partner_reporter")
    client.force_login(world.aija)
    assert "cannot hold another role" in accept(client, path)


def test_members_page_shows_the_own_organisation_only(world: World, client: Client) -> None:
    client.force_login(world.valda)
    text = client.get("/people/members/").content.decode()
    assert "valda@example.org" in text
    assert "ventis@example.org" not in text
    assert "marta@example.org" not in text


def test_ending_a_role_takes_its_power_at_once(world: World, client: Client) -> None:
    colleague = factories.make_account("kolege@example.org")
    membership = factories.give_role(colleague, world.valmiera_partner, "partner_reporter")
    client.force_login(world.valda)
    client.post(f"/people/members/{membership.pk}/end/", {"reason": "aizgāja"})
    membership.refresh_from_db()
    assert membership.valid_to == timezone.localdate() - timedelta(days=1)
    other = Client()
    other.force_login(colleague)
    assert other.get("/people/members/").status_code == 403
    assert Action.objects.get(verb="people.end_membership").reason == "aizgāja"


def test_another_partners_member_and_invitation_are_out_of_reach(world: World, client: Client) -> None:
    membership = world.ventis.memberships.get()
    invited(world)
    client.force_login(world.valda)
    assert client.post(f"/people/members/{membership.pk}/end/").status_code == 404
    client.force_login(world.ventis)
    assert client.post(f"/people/invitations/{Invitation.objects.get().pk}/withdraw/").status_code == 404


def test_members_pages_are_closed_to_everybody_else(world: World, client: Client) -> None:
    for name in ("aija", "dace", "otto", "svens", "pupil"):
        client.force_login(getattr(world, name))
        assert client.get("/people/members/").status_code == 403, name
        assert client.get("/people/members/invite/").status_code == 403, name
    client.logout()
    assert client.get("/people/members/").status_code == 302


def test_auditor_reads_after_the_programmes_end_until_the_own_end(world: World, client: Client) -> None:
    after = timezone.now() + timedelta(days=200)
    assert after.date() > world.programme.ends_on
    with time_machine.travel(after):
        client.force_login(world.aija)
        assert Account.objects.get(pk=world.aija.pk).memberships_today != []
        assert client.get("/work/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        assert Account.objects.get(pk=world.aija.pk).memberships_today == []


def test_auditor_changes_nothing_but_the_own_account(world: World, client: Client) -> None:
    client.force_login(world.aija)
    factories.give_role(world.aija, world.ventspils_partner, "partner_reporter")  # even with a role that writes
    answer = client.post("/en/people/members/invite/", {})
    assert answer.status_code == 403
    assert "Your role reads and changes nothing." in answer.content.decode()
    answer = client.post("/people/me/", {"given_name": "Aija", "family_name": "Kalna", "language": "lv"})
    assert answer.status_code == 302
