"""Tokens: made on a page by whoever sees details, shown once, kept as a hash, withdrawn by their owner."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from microcities.access.answers import RefusedError
from microcities.privacy.erasure import erase_person
from microcities.results.actions.tokens import MOST_TOKENS, create_token, revoke_token
from microcities.results.models import ApiToken
from microcities.trail.models import Action
from tests import factories
from tests.results.exports.conftest import signed_in
from tests.world import World

pytestmark = pytest.mark.django_db
PAGE = "/en/open-data/tokens/"
GOOD = {"name": "The city's data portal", "scopes": ["results:read", "evidence:read"], "days": "90"}


def shown_secret(html: str) -> str:
    found = re.search(r'<code class="secret">(mc_[\w-]{43})</code>', html)
    assert found is not None
    return found.group(1)


def test_token_is_shown_once_and_kept_as_a_hash(filled: World) -> None:
    client = signed_in(filled.valda)
    answer = client.post(PAGE, GOOD)
    secret = shown_secret(answer.content.decode())
    assert answer["Cache-Control"] == "private, no-store"
    assert secret not in client.get(PAGE).content.decode()
    token = ApiToken.objects.get()
    assert bytes(token.digest) == hashlib.sha256(secret.encode()).digest()
    assert (token.account, token.hint, token.scopes) == (filled.valda, secret[:8], ["evidence:read", "results:read"])
    assert token.expires_at.date() == (timezone.now() + timedelta(days=90)).date()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM results_apitoken AS t")
        assert secret not in cursor.fetchone()[0]
        cursor.execute("SELECT coalesce(string_agg(c::text, ' '), '') FROM trail_change AS c")
        assert secret not in cursor.fetchone()[0]
    assert Client().get("/api/v1/results", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_withdrawn_token_stops_at_once(filled: World) -> None:
    client = signed_in(filled.valda)
    headers = {"Authorization": f"Bearer {shown_secret(client.post(PAGE, GOOD).content.decode())}"}
    answer = client.post(f"{PAGE}{ApiToken.objects.get().pk}/withdrawal/", follow=True)
    assert "The token is withdrawn" in answer.content.decode()
    assert "You have no token" in client.get(PAGE).content.decode()
    assert Client().get("/api/v1/results", headers=headers).status_code == 401
    assert list(Action.objects.filter(verb__endswith="_token").order_by("pk").values_list("verb", "actor_id")) == [
        ("results.create_token", filled.valda.pk), ("results.revoke_token", filled.valda.pk)
    ]


def test_token_of_somebody_else_cannot_be_withdrawn(filled: World) -> None:
    token, _secret = create_token(actor=filled.valda, name="x", scopes=["results:read"], days=30)
    assert signed_in(filled.ventis).post(f"{PAGE}{token.pk}/withdrawal/").status_code == 404
    with pytest.raises(RefusedError, match="another account"):
        revoke_token(actor=filled.ventis, token=token)
    assert "You have no token" in signed_in(filled.ventis).get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("name", "status"),
    [("marta", 200), ("ventis", 200), ("valda", 200), ("aija", 200), ("dace", 403), ("otto", 403), ("svens", 403),
     ("pupil", 403)],
)
def test_tokens_are_for_those_who_see_details(filled: World, name: str, status: int) -> None:
    client = signed_in(getattr(filled, name))
    assert client.get(PAGE).status_code == status
    assert client.post(PAGE, GOOD).status_code == status
    assert ApiToken.objects.count() == (status == 200)


def test_stranger_is_sent_to_sign_in(filled: World) -> None:
    assert Client().get(PAGE).status_code == 302
    assert Client().post(f"{PAGE}1/withdrawal/").status_code == 302


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["everything"]}, {"days": "0"}, {"days": "3650"}, {"days": "x"}]
)
def test_wrong_form_keeps_what_was_typed_and_makes_nothing(filled: World, wrong: dict[str, object]) -> None:
    answer = signed_in(filled.valda).post(PAGE, GOOD | wrong)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in html
    assert "secret" not in html
    if "name" not in wrong:
        assert "The city&#x27;s data portal" in html
    assert not ApiToken.objects.exists()


def test_token_count_and_length_of_life_are_limited(filled: World) -> None:
    for number in range(MOST_TOKENS):
        create_token(actor=filled.valda, name=f"n{number}", scopes=["results:read"], days=1)
    assert "Withdraw one you no longer need" in signed_in(filled.valda).post(PAGE, GOOD).content.decode()
    for days in (0, 366):
        with pytest.raises(RefusedError, match="1 to 365"):
            create_token(actor=filled.marta, name="x", scopes=["results:read"], days=days)
    with pytest.raises(RefusedError):
        create_token(actor=filled.svens, name="x", scopes=["results:read"], days=1)


@pytest.mark.sql
@pytest.mark.parametrize("wrong", ["scopes = '{}'", "scopes = '{everything}'", "name = ''", "expires_at = created_at"])
def test_database_refuses_a_token_without_bounds(filled: World, wrong: str) -> None:
    create_token(actor=filled.valda, name="x", scopes=["results:read"], days=1)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE results_apitoken SET {wrong}")


def test_tokens_go_with_the_person(filled: World) -> None:
    person = factories.make_person("Valda", "Krūmiņa", birth_on=None)
    type(filled.valda).objects.filter(pk=filled.valda.pk).update(person=person)
    create_token(actor=filled.valda, name="Valda's notebook", scopes=["results:read"], days=1)
    erase_person(actor=filled.dace, person=person, reason="asked for")
    assert not ApiToken.objects.exists()
