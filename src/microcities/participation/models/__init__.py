"""Activities, participations, and the lists that partners bring."""

from microcities.participation.models.activities import (
    Activity,
    ActivityKind,
    Participation,
    ParticipationFunding,
    Proof,
    Stage,
    Verification,
)
from microcities.participation.models.lists import ColumnMapping, ListImport, ListRow, ListState, RowOutcome
from microcities.participation.models.summer import PlacementExperience, PlacementRecord, SummerTie

__all__ = [
    "Activity",
    "ActivityKind",
    "ColumnMapping",
    "ListImport",
    "ListRow",
    "ListState",
    "Participation",
    "ParticipationFunding",
    "PlacementExperience",
    "PlacementRecord",
    "Proof",
    "RowOutcome",
    "Stage",
    "SummerTie",
    "Verification",
]
