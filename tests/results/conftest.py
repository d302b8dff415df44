"""The small world with the real programme's definition of results."""


import pytest

from microcities.results.actions.indicators import load_definition
from microcities.results.definition.reading import read_definition
from microcities.results.models import Indicator
from microcities.trail.context import System
from tests.remembered import remembered
from tests.world import World


@pytest.fixture
def indicators(world: World) -> dict[str, Indicator]:
    """The indicators of the real programme by code."""

    def load() -> None:
        load_definition(actor=System("tests"), programme=world.programme, definition=read_definition("nextgen"))

    remembered("indicators", load)
    return {indicator.code: indicator for indicator in Indicator.objects.filter(programme=world.programme).order_by("order")}
