"""Words on a guest's card: why a guest is in a segment, and pages that follow one another."""

from datetime import date

import pytest

from state.staff.card.orders import MOST_ROWS as MOST_ORDERS
from state.staff.card.orders import OrdersView, OrderView
from state.staff.card.orders import followed_by as orders_followed_by
from state.staff.card.segments import why_words
from state.staff.card.timeline import MOST_ROWS, DayView, EventView, TimelineView, followed_by
from state.staff.card.when import when_rows, when_text


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ({}, []),
        ({"mean_gap_days": 6.5, "visit_days": 9}, ["every 6 days", "9 visit days"]),
        ({"mean_gap_days": 0.4}, ["every day"]),
        ({"total_spent_minor": 28_600}, ["€286.00 spent"]),
        ({"visits_dinner": 5, "total_visits": 6}, ["5 of 6 visits"]),
        ({"visits_saturday": 3, "visits_sunday": 2, "total_visits": 6}, ["5 of 6 visits"]),
        ({"vegetarian_orders": 4, "total_orders": 5}, ["4 of 5 orders"]),
        ({"party_median": 1.0}, ["comes alone"]),
        ({"engagement": "high"}, ["engagement high"]),
        ({"last_visit_day": "2026-05-03"}, ["last visit 3 May 2026"]),
        ({"favourite_dish_id": "0190", "nonsense": None, "x": True}, []),
    ],
)
def test_a_membership_says_the_numbers_that_decided(
    why: dict[str, object], words: list[str]
) -> None:
    assert why_words(why, currency="EUR") == words


def _event(key: str) -> EventView:
    return EventView(key, "19:30", "eye", "a1", "", "", "", "", is_order=False)


def _days(*days: tuple[str, int]) -> TimelineView:
    return TimelineView(
        days=[
            DayView(day, day, [_event(f"{day}-{index}") for index in range(count)])
            for day, count in days
        ],
        has_older=True,
    )


def test_a_day_over_two_pages_is_one_day() -> None:
    shown = followed_by(_days(("b", 2), ("a", 1)), _days(("a", 2), ("0", 1)))
    assert [(day.key, len(day.rows)) for day in shown.days] == [("b", 2), ("a", 3), ("0", 1)]
    assert shown.is_cut is False


def test_a_tab_keeps_no_more_rows_than_it_should() -> None:
    shown = _days((str(date(2026, 5, 1)), 30))
    for number in range(30):
        shown = followed_by(shown, _days((f"day {number}", 30)))
    assert sum(len(day.rows) for day in shown.days) == MOST_ROWS
    assert shown.is_cut is True
    assert shown.days[-1].key == "day 29"
    order = OrderView("1", "", "", "", "", "", "", "", "", [])
    orders = OrdersView(rows=[order] * MOST_ORDERS)
    more = orders_followed_by(orders, OrdersView(rows=[order], has_older=True))
    assert (len(more.rows), more.is_cut, more.has_older) == (MOST_ORDERS, True, True)


def test_the_grid_keeps_its_shape_without_a_visit() -> None:
    assert [len(row.cells) for row in when_rows(())] == [5] * 7
    assert when_text(()) == ""
    grid = tuple((0, 0, 0, 2 * (day == 5), 0) for day in range(7))
    assert when_text(grid) == "Stronger colour, more visits. Mostly Saturday, 17–22."
    assert [cell.shade for cell in when_rows(grid)[5].cells] == [0, 0, 0, 4, 0]
