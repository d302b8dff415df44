"""Claims for the tests of the claim engine: a pupil, the days worked, and the rules of the state's scheme."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from microcities.summerjobs.engines.claim import claim
from microcities.summerjobs.engines.claim_input import ClaimInput
from microcities.summerjobs.engines.claim_output import ClaimOutput

WAGES = [
    {"from_on": "2018-01-01", "to_on": "2020-12-31", "value": 43000},
    {"from_on": "2021-01-01", "to_on": "2022-12-31", "value": 50000},
    {"from_on": "2023-01-01", "to_on": "2023-12-31", "value": 62000},
    {"from_on": "2026-01-01", "value": 78000},
]
CONTRIBUTIONS = [
    {"from_on": "2018-01-01", "to_on": "2020-12-31", "value": 2409},
    {"from_on": "2021-01-01", "value": 2359},
]
NVA = {
    "code": "nva",
    "basis": "minimum_wage",
    "share": "1/2",
    "share_disability": "1/1",
    "subsidy_account": "7310",
    "supervisor_account": "7320",
}
ERDF = {**NVA, "code": "erdf", "basis": "cost", "share": "1/1", "subsidy_account": "7410", "supervisor_account": "7420"}
ABSENCES = [
    {"code": "illness", "paid": False, "subsidised": False},
    {"code": "donor", "paid": True, "subsidised": False},
    {"code": "exam", "paid": True, "subsidised": True},
]


def rules(**changes: Any) -> dict[str, Any]:
    return {
        "wages": WAGES,
        "contributions": CONTRIBUTIONS,
        "absences": ABSENCES,
        "sources": [NVA, ERDF],
        "supervision": {},
        **changes,
    }


def weekdays(first: date, last: date) -> list[date]:
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def days(which: Iterable[date], minutes: int = 420, **changes: Any) -> list[dict[str, Any]]:
    return [
        {"on": day.isoformat(), "attended": minutes, "claimed": minutes, "supervisor": "s1", **changes} for day in which
    ]


def month(year: int, number: int = 7) -> list[date]:
    last = date(year, number + 1, 1) - timedelta(days=1)
    return weekdays(date(year, number, 1), last)


def pupil(worked: list[dict[str, Any]], code: str = "p1", **changes: Any) -> dict[str, Any]:
    """A pupil of 16 in the year of the first day, with an agreement over the whole year."""
    year = int(worked[0]["on"][:4]) if worked else 2018
    agreement = {"first_on": f"{year}-01-01", "last_on": f"{year}-12-31", "minutes": 100_000}
    return {"id": code, "born_on": f"{year - 16}-01-15", "source": "nva", "agreement": agreement, "days": worked, **changes}


def raw(*pupils: dict[str, Any], **changes: Any) -> dict[str, Any]:
    year = pupils[0]["days"][0]["on"][:4] if pupils and pupils[0]["days"] else "2018"
    return {
        "claim": "c1",
        "host": {"code": "library"},
        "first_on": f"{year}-01-01",
        "last_on": f"{year}-12-31",
        "submitted_on": f"{year}-08-03",
        "due_on": f"{year}-08-10",
        "booked_on": f"{year}-08-06",
        "rules": rules(),
        "pupils": list(pupils),
        **changes,
    }


def run(*pupils: dict[str, Any], **changes: Any) -> ClaimOutput:
    return claim(ClaimInput.model_validate_json(json.dumps(raw(*pupils, **changes))), seed=0)


def codes(output: ClaimOutput) -> list[str]:
    return [finding.code for finding in output.findings]


def earlier_of(claimed: dict[str, Any], claim_code: str) -> list[dict[str, Any]]:
    """A pupil's days as days paid with an earlier claim, nothing absent or refused."""
    return [
        {
            "claim": claim_code,
            "pupil": claimed["id"],
            "on": day["on"],
            "paid": day["attended"],
            "subsidised": min(day["claimed"], day["attended"]),
            "supervisor": day["supervisor"],
            "disability": claimed.get("disability", False),
        }
        for day in claimed["days"]
    ]
