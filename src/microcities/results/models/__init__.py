"""Rows of results: indicators and targets, reports and what they froze, publications."""

from microcities.results.models.indicators import (
    COUNTABLE,
    OUTSIDE,
    Counting,
    Direction,
    EmptyMeans,
    ExposureUnit,
    Indicator,
    Observation,
    OverCities,
    OverTime,
    Target,
)
from microcities.results.models.publications import Publication, PublishedCell, PublishedLine, Withheld
from microcities.results.models.reports import (
    FrozenFigure,
    FrozenRow,
    Period,
    Report,
    ReportState,
    SampleCheck,
    VerificationSample,
)
from microcities.results.models.tokens import ApiToken, Scope

__all__ = [
    "COUNTABLE",
    "OUTSIDE",
    "ApiToken",
    "Counting",
    "Direction",
    "EmptyMeans",
    "ExposureUnit",
    "FrozenFigure",
    "FrozenRow",
    "Indicator",
    "Observation",
    "OverCities",
    "OverTime",
    "Period",
    "Publication",
    "PublishedCell",
    "PublishedLine",
    "Report",
    "ReportState",
    "SampleCheck",
    "Scope",
    "Target",
    "VerificationSample",
    "Withheld",
]
