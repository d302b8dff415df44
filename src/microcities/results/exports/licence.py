"""Under which licence the published data may be used: the one the installation has decided on, or the platform's proposal."""

from dataclasses import dataclass

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

PROPOSED = "CC-BY-4.0"


@dataclass(frozen=True)
class Licence:
    """A licence by its SPDX name, as a data package names it. `decided` is False for the proposal."""

    name: str
    title: str
    path: str
    decided: bool = True

    def as_data(self) -> dict[str, str]:
        """As a Frictionless data package has it."""
        return {"name": self.name, "title": self.title, "path": self.path}


KNOWN = {
    each.name: each
    for each in (
        Licence("CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        Licence("CC0-1.0", "Creative Commons CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        Licence("CC-BY-SA-4.0", "Creative Commons Attribution-ShareAlike 4.0",
                "https://creativecommons.org/licenses/by-sa/4.0/"),
        Licence("ODC-By-1.0", "Open Data Commons Attribution 1.0", "https://opendatacommons.org/licenses/by/1-0/"),
    )
}


def licence() -> Licence:
    """The licence of MICROCITIES_DATA_LICENCE; while it is not set, the proposed one, marked as such."""
    if settings.DATA_LICENCE:
        return KNOWN[settings.DATA_LICENCE]
    proposed = KNOWN[PROPOSED]
    return Licence(proposed.name, proposed.title, proposed.path, decided=False)


@register
def licence_is_known(**_kwargs: object) -> list[CheckMessage]:
    """A misspelt licence stops the start instead of the first download."""
    if not settings.DATA_LICENCE or settings.DATA_LICENCE in KNOWN:
        return []
    return [Error(f"MICROCITIES_DATA_LICENCE is {settings.DATA_LICENCE!r}. It may be {', '.join(KNOWN)}.", id="results.E001")]
