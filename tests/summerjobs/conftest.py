"""What every test of summer employment may use."""

import pytest

from tests.summerjobs.summer import Summer, build_summer
from tests.world import World


@pytest.fixture
def summer(world: World) -> Summer:
    return build_summer(world)
