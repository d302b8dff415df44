"""Describes the public files so that programs need not guess: a Frictionless data package, alone and zipped with its files."""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from typing import Any

from microcities.programme.models import Programme
from microcities.results.exports.licence import licence
from microcities.results.exports.tables import Field, Sheet
from microcities.results.models import Publication
from microcities.ui.exports import write_csv

PROFILE = "tabular-data-package"
# What RFC 4180 leaves open, said.
DIALECT = {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True,
           "skipInitialSpace": False, "csvddfVersion": 1.2}
PRIMARY_KEYS = {
    "results": ["programme", "as_of", "indicator", "city"],
    "breakdown": ["programme", "as_of", "indicator", "dimension", "key"],
}


def describe(
    programme: Programme, sheets: Mapping[str, Sheet], *, as_of: date, publication: Publication | None
) -> dict[str, Any]:
    """The data package of `sheets`, which are given by the path or address under which their CSV is found."""
    package: dict[str, Any] = {
        "profile": PROFILE,
        "name": f"{programme.slug}-results",
        "title": str(programme),
        "version": as_of.isoformat(),
        "licenses": [licence().as_data()],
        "keywords": ["results", "indicators", "jobs", "skills"],
        "temporal": {"start": programme.starts_on.isoformat(), "end": as_of.isoformat()},
        "resources": [_resource(path, sheet) for path, sheet in sheets.items()],
    }
    if programme.source_url:
        package["homepage"] = programme.source_url
    if publication is not None:
        package["created"] = publication.published_at.isoformat(timespec="seconds")
    return package


def _resource(path: str, sheet: Sheet) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(each) for each in sheet.fields], "missingValues": [""]}
    if sheet.name in PRIMARY_KEYS:
        schema["primaryKey"] = PRIMARY_KEYS[sheet.name]
    return {
        "profile": "tabular-data-resource", "name": sheet.name, "title": str(sheet.title), "path": path,
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "dialect": DIALECT, "schema": schema,
    }


def _field(field: Field) -> dict[str, Any]:
    described: dict[str, Any] = {"name": field.name, "type": field.kind, "title": str(field.title)}
    if field.meaning:
        described["description"] = str(field.meaning)
    if field.kind == "datetime":
        described["format"] = "%Y-%m-%d %H:%M:%S"
    if field.codes:
        described["constraints"] = {"enum": list(field.codes)}
    return described


def zipped(package: Mapping[str, Any], sheets: Mapping[str, Sheet]) -> bytes:
    """The package with its files in one ZIP; `sheets` are given by their path in it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datapackage.json", as_json(package))
        for path, sheet in sheets.items():
            with archive.open(path, "w") as file:
                write_csv(file, sheet.header("csv"), sheet.rows, byte_order_mark=False)
    return content.getvalue()


def as_json(document: Mapping[str, Any]) -> str:
    """JSON for people to read too."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
