"""Which confidence levels the engines take, said once for all of them."""

from typing import Annotated

from pydantic import Field

# Nearer to 1 a tail is lost in the rounding of 1 - level; nobody asks for one in a million.
HIGHEST_LEVEL = 0.999999
Level = Annotated[float, Field(gt=0, le=HIGHEST_LEVEL)]
