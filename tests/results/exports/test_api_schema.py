"""Whatever a client sends, the API answers as its own description says (schemathesis, through WSGI, in this process)."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import just
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from microcities.results import api_guard
from microcities.results.models import Report
from tests.results.exports.conftest import with_token
from tests.world import World

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
# Real values, so that some of the generated questions get an answer.
CODES = ("summer-jobs", "fdi-place", "reskilled")
PER_OPERATION = 5
OPERATIONS = [
    "/results", "/results/{code}", "/results/{code}/observations", "/results/{code}/evidence", "/periods", "/reports",
    "/reports/{number}",
]
WITHOUT_PARAMETERS = {"/periods", "/reports"}
NEEDS_TOKEN = {"/results/{code}/evidence", "/reports", "/reports/{number}"}


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many questions in a minute are meant here."""
    monkeypatch.setattr(api_guard, "PER_TOKEN", 10_000)
    monkeypatch.setattr(api_guard, "PER_ADDRESS", 10_000)


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests through WSGI stay in this test's transaction, as Django's own test client has it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("unlimited", "one_connection")
@pytest.mark.parametrize("path", OPERATIONS)
@pytest.mark.parametrize("known", [True, False], ids=["token", "public"])
def test_api_answers_as_described(filled: World, report: Report, path: str, known: bool) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    operation = schema[f"/api/v1{path}"]["GET"]
    headers = with_token(filled.marta) if known else {}
    seen: set[int] = set()

    # With a good token in the header the generated bad one is not sent, so nothing has to be refused for it.
    checks = CHECKS if known else [*CHECKS, negative_data_rejection]

    def ask(case: Any, mode: GenerationMode) -> None:
        if mode is GenerationMode.POSITIVE:
            case.path_parameters.update({name: real[name] for name in case.path_parameters})
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=checks)
        seen.add(answer.status_code)

    for code, mode in product(CODES if "{code}" in path else CODES[:1], MODES):
        if mode is GenerationMode.NEGATIVE and path in WITHOUT_PARAMETERS:
            continue
        real = {"code": code, "number": report.pk}
        bounded = settings(
            max_examples=PER_OPERATION, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        bounded(given(case=operation.as_strategy(generation_mode=mode), mode=just(mode))(ask))()
    assert (200 in seen) is (known or path not in NEEDS_TOKEN)
    assert seen <= {200, 401, 404, 422}


def test_description_is_openapi_3_1_and_names_every_refusal() -> None:
    found = Client().get("/api/v1/openapi.json").json()
    assert found["openapi"] == "3.1.0"
    assert sorted(found["paths"]) == sorted(f"/api/v1{path}" for path in OPERATIONS)
    assert found["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for path, methods in found["paths"].items():
        operation = methods["get"]
        assert list(methods) == ["get"]
        for status, answer in operation["responses"].items():
            kind = "application/json" if status == "200" else "application/problem+json"
            assert list(answer["content"]) == [kind]
        alone = [{"token": []}]
        assert operation["security"] == (alone if path.removeprefix("/api/v1") in NEEDS_TOKEN else [{}, *alone])
