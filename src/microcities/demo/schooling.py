"""Keeps the demo's careers records: schools, their classes over four school years, and what became of their pupils."""

from django.db import connection

from microcities.demo.bringing import Bringer
from microcities.demo.schooling_asked import ask_counsellors
from microcities.demo.schooling_encounters import meet, read_records
from microcities.demo.schooling_event import hold_career_day
from microcities.demo.schooling_exchange import exchange_encounters
from microcities.demo.schooling_ground import Schooling, begin_schools
from microcities.demo.schooling_guidance import advise
from microcities.demo.schooling_outcomes import follow, read_otherwise, show
from microcities.demo.schooling_own import keep_own
from microcities.demo.schooling_pupils import fill_classes
from microcities.demo.schooling_studies import answer_interests, offer_studies

# Evidence follows a table at each statement; here it is held back while the records are written, and loaded once.
PAUSE_EVIDENCE = "SELECT set_config('microcities.evidence_paused', %s, true)"
# The planner has to know by then how large the tables have become.
ANALYZE = "ANALYZE people_person, careers_encounter, careers_encounterattendance, careers_guidancetalk, careers_enrolment"
SOURCES = ("careers_encounters", "careers_talks")


def keep_schools(bringer: Bringer, child: str, guardian: str) -> None:
    """All schools of data/schools.toml. `child` and `guardian` are e-mails of the accounts of a pupil under age and a parent.

    Small things are done by the services' own actions, each by whoever would do it; what thousands of rows tell alike is
    written in bulk, in the name of the school's counsellor. Multiplying the population (`--scale`) leaves the schools as
    they are.
    """
    told = begin_schools(bringer)
    with connection.cursor() as cursor:
        cursor.execute(PAUSE_EVIDENCE, ["on"])
        _tell_years(told, child, guardian)
        cursor.execute(PAUSE_EVIDENCE, [""])
        cursor.execute(ANALYZE)
        for source in SOURCES:
            cursor.execute("SELECT evidence_rebuild(%s)", [source])
    hold_career_day(told, told.schools["hills"])
    exchange_encounters(told)


def _tell_years(told: Schooling, child: str, guardian: str) -> None:
    fill_classes(told, child)
    meet(told)
    read_records(told)
    advise(told, child, guardian)
    keep_own(told, child)
    ask_counsellors(told, child)
    offer_studies(told)
    answer_interests(told)
    show(told)
    read_otherwise(told)
    follow(told, child)
