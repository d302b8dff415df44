"""The example of the claim engine: a pupil who worked all of July 2018 full time in the State Employment Agency's scheme."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

_DAYS = [date(2018, 7, 1) + timedelta(days=number) for number in range(31)]
_WORKED = [day.isoformat() for day in _DAYS if day.weekday() < 5]

EXAMPLE: dict[str, Any] = {
    "claim": "2018-07-library",
    "host": {"code": "library", "undertaking": False},
    "first_on": "2018-07-01",
    "last_on": "2018-07-31",
    "submitted_on": "2018-08-03",
    "due_on": "2018-08-10",
    "booked_on": "2018-08-06",
    "rules": {
        "wages": [{"from_on": "2018-01-01", "to_on": "2020-12-31", "value": 43000}],
        "contributions": [{"from_on": "2018-01-01", "to_on": "2020-12-31", "value": 2409}],
        "absences": [{"code": "illness", "paid": False, "subsidised": False}],
        "sources": [
            {
                "code": "nva",
                "basis": "minimum_wage",
                "share": "1/2",
                "share_disability": "1/2",
                "subsidy_account": "7310",
                "supervisor_account": "7320",
            }
        ],
        "supervision": {"most_pupils": 10, "most_with_disability": 10, "grant": "1/10", "grant_disability": "1/10"},
    },
    "pupils": [
        {
            "id": "p1",
            "born_on": "2001-05-14",
            "source": "nva",
            "agreement": {"first_on": "2018-07-01", "last_on": "2018-07-31", "minutes": 9240},
            "days": [{"on": day, "attended": 420, "claimed": 420, "supervisor": "s1"} for day in _WORKED],
        }
    ],
}
