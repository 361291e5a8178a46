"""The visit report shows the funnel of its days beside the time before."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.analytics.funnel import CountedDay, count_visits, store_day
from services.base.database import reading, transaction
from services.reports.building import build_report
from services.reports.periods import read_span
from services.reports.types import ReportKind, Section
from services.restaurants import queries as restaurants
from tests.builders import make_restaurant

pytestmark = pytest.mark.usefixtures("database")
NOW = datetime(2026, 10, 28, 19, 30, tzinfo=UTC)
TODAY = date(2026, 10, 28)


async def _restaurant(**days: CountedDay) -> UUID:
    """A restaurant whose funnel was counted on days so many days ago, as `ago_3`."""
    async with transaction() as session:
        row = await make_restaurant(session)
        # Of somebody else: never added up.
        other = await make_restaurant(session)
        counted = {row.id: days, other.id: {"ago_1": CountedDay((9, 9, 9, 9, 9))}}
        for restaurant_id, own in counted.items():
            for name, day in own.items():
                await store_day(
                    session,
                    restaurant_id=restaurant_id,
                    day=TODAY - timedelta(days=int(name.removeprefix("ago_"))),
                    counted=day,
                    now=NOW,
                )
        return row.id


async def _sections(restaurant_id: UUID) -> dict[str, Section]:
    async with reading() as session:
        restaurant = await restaurants.get(session, restaurant_id)
        report = await build_report(
            session,
            kind=ReportKind.VISITS,
            restaurant=restaurant,
            span=read_span({"range": "7"}, today=TODAY),
            now=NOW,
        )
    return {one.key: one for one in report.sections if one.key.startswith("funnel")}


async def test_steps_are_added_up_and_compared() -> None:
    start = datetime(2026, 10, 27, 18, tzinfo=UTC)
    timed = count_visits(
        [{place: start + timedelta(minutes=4 * place) for place in range(5)}, {0: start}]
    )
    found = await _sections(
        await _restaurant(
            ago_1=timed, ago_2=CountedDay((6, 4, 1, 1, 0)), ago_9=CountedDay((5,) * 5)
        )
    )
    assert [row.cells for row in found["funnel"].rows] == [
        ("Code scanned", 8, 5),
        ("Menu seen", 5, 5),
        ("Something picked", 2, 5),
        ("Order sent", 2, 5),
        ("Order completed", 1, 5),
    ]
    steps = [row.cells for row in found["funnel_steps"].rows]
    assert [cells[:5] for cells in steps] == [
        ("Code scanned", 8, 1.0, 1.0, 0),
        ("Menu seen", 5, 5 / 8, 5 / 8, 3),
        ("Something picked", 2, 2 / 8, 2 / 5, 3),
        ("Order sent", 2, 2 / 8, 1.0, 0),
        ("Order completed", 1, 1 / 8, 1 / 2, 1),
    ]
    # Times lie in bins a tenth wide.
    assert steps[0][5] is None
    assert [cells[5] for cells in steps[1:]] == [pytest.approx(4, rel=0.05)] * 4


async def test_without_a_visit_it_says_so() -> None:
    found = await _sections(await _restaurant(ago_30=CountedDay((3, 2, 1, 1, 1))))
    assert all(not one.rows and one.lacking for one in found.values())
    assert len(found) == 2
