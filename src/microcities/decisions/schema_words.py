"""Reads the JSON Schema of an engine's input or output into tables: field, kind, need, limits, description."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LIMITS = {
    "minimum": "≥",
    "exclusiveMinimum": ">",
    "maximum": "≤",
    "exclusiveMaximum": "<",
    "minLength": "length ≥",
    "maxLength": "length ≤",
    "minItems": "items ≥",
    "maxItems": "items ≤",
    "pattern": "pattern",
}


@dataclass(frozen=True, slots=True)
class SchemaField:
    """One field. `kind` is in JSON's own words; `default` is JSON text, empty when the field is required."""

    name: str
    kind: str
    required: bool
    default: str
    limits: str
    description: str


@dataclass(frozen=True, slots=True)
class SchemaTable:
    """One object of the schema with its fields, in the order of the model."""

    title: str
    description: str
    fields: tuple[SchemaField, ...]


def schema_tables(schema: Mapping[str, Any]) -> list[SchemaTable]:
    """The object itself first, then those it is made of."""
    objects = [schema, *schema.get("$defs", {}).values()]
    return [_table(found) for found in objects if "properties" in found]


def example_of(schema: Mapping[str, Any]) -> str:
    """The first example of the schema as JSON text, empty when there is none."""
    examples = schema.get("examples") or []
    return json.dumps(examples[0], ensure_ascii=False, indent=2) if examples else ""


def _table(found: Mapping[str, Any]) -> SchemaTable:
    required = found.get("required", [])
    fields = tuple(_field(name, about, name in required) for name, about in found["properties"].items())
    return SchemaTable(found.get("title", ""), found.get("description", ""), fields)


def _field(name: str, about: Mapping[str, Any], required: bool) -> SchemaField:
    return SchemaField(
        name=name,
        kind=_kind(about),
        required=required,
        default=json.dumps(about["default"], ensure_ascii=False) if "default" in about else "",
        limits=", ".join(_limits(about)),
        description=about.get("description", ""),
    )


def _limits(about: Mapping[str, Any]) -> list[str]:
    """Limits of the field itself or of the one choice that is not null."""
    parts = [about, *(each for each in about.get("anyOf", []) if each.get("type") != "null")]
    return [f"{sign} {part[key]}" for part in parts for key, sign in LIMITS.items() if key in part]


def _kind(about: Mapping[str, Any]) -> str:
    if "$ref" in about:
        return str(about["$ref"]).rpartition("/")[2]
    if "enum" in about or "const" in about:
        return " | ".join(json.dumps(value) for value in about.get("enum", [about.get("const")]))
    if choices := about.get("anyOf") or about.get("oneOf"):
        return " | ".join(_kind(each) for each in choices)
    if about.get("type") == "array":
        return f"array of {_kind(about.get('items', {}))}"
    if about.get("type") == "object" and isinstance(about.get("additionalProperties"), Mapping):
        return f"object of {_kind(about['additionalProperties'])}"
    return str(about.get("type", "any"))
