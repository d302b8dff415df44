"""No page shows a variable that nobody gave it: a walk over all pages for every role, and the trap itself."""

import pytest
from django.template import engines
from django.test import Client

from tests.house.undefined import UndefinedVariableError, undefined_variables_fail
from tests.house.url_map import addresses
from tests.world import World


def test_trap_catches_a_variable_that_nobody_gave() -> None:
    with undefined_variables_fail():
        template = engines["django"].from_string("{% if nothing %}x{% endif %}{{ given }}{{ forgotten.name }}")
        with pytest.raises(UndefinedVariableError, match="forgotten"):
            template.render({"given": 1})
        assert engines["django"].from_string("{{ given }}").render({"given": 1}) == "1"
    assert engines["django"].from_string("{{ forgotten }}").render({}) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["stranger", "marta", "ventis", "dace", "pupil"])
def test_pages_show_no_undefined_variable(world: World, name: str) -> None:
    client = Client()
    if name != "stranger":
        client.force_login(getattr(world, name))
    wrong = {}
    with undefined_variables_fail():
        for address in addresses():
            if address.has_arguments or address.path.startswith("api/"):
                continue
            try:
                client.get(address.in_language("en"))
            except UndefinedVariableError as error:
                wrong[address.path] = str(error)
    assert wrong == {}
