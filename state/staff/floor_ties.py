"""Parties at several tables, drawn as one: a band from each table to the next."""

import math
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from services.floor.layout import DrawnTable
from services.floor.types import Floor


@dataclass(frozen=True)
class TieView:
    """A band between two tables by its middle, length and turn; `area_id` is empty across areas."""

    key: str
    area_id: str
    style: dict[str, str]


def tie_views(floor: Floor) -> list[TieView]:
    """Bands of all parties, each table tied to the nearest one of those tied before."""
    parties: dict[UUID, list[DrawnTable]] = defaultdict(list)
    for table in floor.tables:
        if table.sitting is not None and table.sitting.lead_id is not None and table.together:
            parties[table.sitting.lead_id].append(floor.plan.tables[table.id])
    everything = list(floor.plan.tables.values())
    return [
        _tie(one, other)
        for party in parties.values()
        for one, other in _pairs(party)
        if not any(_stands_between(table, one, other) for table in everything)
    ]


def _stands_between(table: DrawnTable, one: DrawnTable, other: DrawnTable) -> bool:
    """A band behind another party's table would make it look like one of these."""
    if table.id in (one.id, other.id):
        return False
    across, down = other.x - one.x, other.y - one.y
    length = math.hypot(across, down) or 1.0
    along = ((table.x - one.x) * across + (table.y - one.y) * down) / length
    aside = abs((table.x - one.x) * down - (table.y - one.y) * across) / length
    return 0 < along < length and aside < max(table.width, table.height) / 2


def _pairs(party: list[DrawnTable]) -> list[tuple[DrawnTable, DrawnTable]]:
    tied, loose = party[:1], party[1:]
    pairs: list[tuple[DrawnTable, DrawnTable]] = []
    while loose:
        one, other = min(
            ((a, b) for a in tied for b in loose),
            key=lambda pair: math.dist((pair[0].x, pair[0].y), (pair[1].x, pair[1].y)),
        )
        pairs.append((one, other))
        tied.append(other)
        loose.remove(other)
    return pairs


def _tie(one: DrawnTable, other: DrawnTable) -> TieView:
    length = math.dist((one.x, one.y), (other.x, other.y))
    turn = math.degrees(math.atan2(other.y - one.y, other.x - one.x))
    return TieView(
        key=f"{one.id}-{other.id}",
        area_id=str(one.area_id) if one.area_id == other.area_id else "",
        style={
            "--x": f"{(one.x + other.x) / 2:g}",
            "--y": f"{(one.y + other.y) / 2:g}",
            "--w": f"{length:g}",
            "--h": "26",
            "--r": f"{turn:.1f}deg",
        },
    )
