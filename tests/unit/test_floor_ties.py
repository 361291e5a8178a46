"""Bands between the tables of one party."""

from datetime import UTC, datetime
from uuid import UUID

from models.enums import TableStatus
from services.floor.layout import Box, DrawnTable, lay_out
from services.floor.types import Floor, FloorTable, OpenSitting, Phase
from state.staff.floor_ties import tie_views

AREA, LEAD = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 5, 13, 19, tzinfo=UTC)


def floor(*places: tuple[float, float, bool]) -> Floor:
    """Tables of 90 cm by their centres; True for those of the one party."""
    party = [str(index) for index, (_, _, is_one) in enumerate(places) if is_one]
    tables: list[FloorTable] = []
    drawn: list[DrawnTable] = []
    for index, (x, y, is_one) in enumerate(places):
        table_id, number = UUID(int=10 + index), str(index)
        sitting = OpenSitting(
            id=UUID(int=50 + index),
            opened_at=NOW,
            party_size=None,
            aliases=(),
            orders=(),
            phase=Phase.BROWSING,
            lead_id=LEAD if is_one else UUID(int=50 + index),
        )
        together = tuple(one for one in party if one != number) if is_one else ()
        tables.append(
            FloorTable(
                table_id, AREA, number, "", 4, TableStatus.OCCUPIED, sitting, together=together
            )
        )
        drawn.append(DrawnTable(table_id, AREA, x, y, 90, 90, 0, "square", 4))
    return Floor(lay_out([(AREA, Box(0, 0, 2000, 2000))], drawn), (), tuple(tables))


def test_a_band_lies_between_two_neighbours() -> None:
    (tie,) = tie_views(floor((100, 100, True), (300, 100, True), (100, 400, False)))
    assert tie.area_id == str(AREA)
    assert tie.style == {"--x": "200", "--y": "100", "--w": "200", "--h": "26", "--r": "0.0deg"}


def test_three_tables_are_tied_by_the_two_shortest_bands() -> None:
    ties = tie_views(floor((100, 100, True), (700, 100, True), (400, 100, True)))
    assert sorted(tie.style["--w"] for tie in ties) == ["300", "300"]


def test_no_band_runs_behind_another_party() -> None:
    assert tie_views(floor((100, 100, True), (700, 100, True), (400, 120, False))) == []
    assert len(tie_views(floor((100, 100, True), (700, 100, True), (400, 200, False)))) == 1


def test_parties_at_one_table_have_none() -> None:
    assert tie_views(floor((100, 100, False), (300, 100, False))) == []
