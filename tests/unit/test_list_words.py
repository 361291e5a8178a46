"""How many guests a list shows and how many there are, in words."""

import pytest

from state.staff.customers_views import count_words


@pytest.mark.parametrize(
    ("before", "rows", "count", "shown", "everybody"),
    [
        (0, 0, 0, "0 guests", ""),
        (0, 1, 1, "1 guest", ""),
        (0, 1200, 1200, "1,200 guests", ""),
        (0, 50, 1200, "50 of 1,200", "All 1,200 that fit"),
        (300, 50, 1200, "301–350 of 1,200", "All 1,200 that fit"),
        # The last window holds the last guest, and is not all of them.
        (300, 10, 310, "301–310 of 310", "All 310 that fit"),
    ],
)
def test_what_is_shown_of_all_that_fit(
    before: int, rows: int, count: int, shown: str, everybody: str
) -> None:
    assert count_words(before=before, rows=rows, count=count) == {
        "count": f"{count:,}",
        "all_text": everybody,
        "shown": shown,
    }


@pytest.mark.parametrize(("before", "shown"), [(0, "50+"), (1000, "1,001–1,050")])
def test_before_they_are_counted_only_what_stands_there_is_told(before: int, shown: str) -> None:
    found = count_words(before=before, rows=50, count=None)
    assert found == {"count": "", "all_text": "", "shown": shown}
