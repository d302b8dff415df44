"""A small input of the benchmark engine, for whoever runs it for the first time: one class, three criteria."""

from __future__ import annotations

from typing import Any

EXAMPLE: dict[str, Any] = {
    "day": "2026-03-31",
    "earlier": "2025-12-31",
    "criteria": [
        {"code": "5.1", "benchmark": 5, "basis": "pupils", "kinds": ["employer_encounter"], "from_level": "g5"},
        {
            "code": "7.1", "benchmark": 7, "basis": "pupils", "kinds": ["provider_encounter"], "window": "by_milestone",
            "milestone": "by_16", "distinct_by": "provider_kind", "each_of": ["technikum", "university"],
        },
        {"code": "1.1", "benchmark": 1, "basis": "record", "record_kinds": ["careers_leader", "leadership_backing"]},
    ],
    "stages": {
        "levels": [{"code": "g5", "rank": 5}, {"code": "g8", "rank": 8}, {"code": "g9", "rank": 9}],
        "milestones": [{"code": "by_16", "age": 16, "first_level": "g8", "last_level": "g9"}],
    },
    "scoring": {
        "passes_at": 0.91,
        "bands": [
            {"code": "none", "at_least": 0, "credit": 0},
            {"code": "few", "at_least": 0, "excluded": True, "credit": 0.25},
            {"code": "some", "at_least": 0.25, "excluded": True, "credit": 0.5},
            {"code": "most", "at_least": 0.5, "excluded": True, "credit": 0.75},
            {"code": "almost_all", "at_least": 0.91, "credit": 1},
            {"code": "all", "at_least": 1, "credit": 1},
        ],
    },
    "groups": [{"id": "9a", "school": "north", "level": "g9"}],
    "pupils": [
        {"id": name, "born_on": born, "enrolments": [{"group": "9a", "starts_on": "2025-09-01", "ends_on": "2026-08-31"}]}
        for name, born in (("anna", "2010-02-01"), ("karlis", "2010-05-05"), ("liene", "2010-11-30"))
    ],
    "encounters": [
        {"id": "e1", "kind": "employer_encounter", "on": "2025-11-05", "pupils": ["anna", "karlis"], "host": "h1"},
        {
            "id": "e2", "kind": "employer_encounter", "on": "2026-01-20", "pupils": ["liene"], "host": "h2",
            "failed_checks": ["time_to_reflect"],
        },
        {
            "id": "e3", "kind": "provider_encounter", "on": "2026-02-10", "pupils": ["anna", "karlis", "liene"],
            "provider_kind": "technikum",
        },
        {
            "id": "e4", "kind": "provider_encounter", "on": "2026-03-03", "pupils": ["anna"],
            "provider_kind": "university",
        },
    ],
    "records": [{"school": "north", "kind": "careers_leader", "starts_on": "2025-09-01", "ends_on": "2026-08-31"}],
    "actions": 3,
}
