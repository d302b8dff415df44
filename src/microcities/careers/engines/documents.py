"""Reads the versioned TOML documents that engines of career support work with: a questionnaire, a table of occupations."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field, ValidationError

from microcities.decisions.engine import EngineInputError, EngineModel
from microcities.rulebooks.reading import as_tuples

DATA = Path(__file__).parents[1] / "data"


class VersionedDocument(EngineModel):
    """What every such document says of itself."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
    version: int = Field(ge=1)

    @property
    def name(self) -> str:
        """What pages and results refer to: microcities-interests-1."""
        return f"{self.id}-{self.version}"


Document = TypeVar("Document", bound=VersionedDocument)


def read_document(kind: type[Document], text: str) -> Document:
    """A document from TOML; EngineInputError says where and why it cannot be used."""
    try:
        return kind.model_validate(as_tuples(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        raise EngineInputError.at(f"not TOML: {error}") from None
    except ValidationError as error:
        raise EngineInputError.from_validation(error) from None


def shipped_text(name: str, version: int) -> str:
    """The text of a document that comes with the platform; LookupError for a version that does not exist."""
    path = DATA / f"{name}-{version}.toml"
    if not path.is_file():
        raise LookupError(f"there is no version {version} of the {name} that come with the platform")
    return path.read_text(encoding="utf-8")
