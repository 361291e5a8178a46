"""Pages that were made once are kept for as long as somebody can ask for them."""

import pytest

from smartmenu.http import guest_page
from smartmenu.http.guest_page import GuestPage, keep_page, kept_page

PAGE = GuestPage(b"plain", b"small", "policy")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of a clock that stands still, and no page yet."""
    seconds = [1000.0]
    monkeypatch.setattr(guest_page, "_pages", type(guest_page._pages)())
    monkeypatch.setattr(guest_page.time, "monotonic", lambda: seconds[0])
    return seconds


def test_a_page_of_a_half_minute_is_gone_with_the_next_one_after_it(clock: list[float]) -> None:
    for half_minute in range(3):
        for table in range(40):
            keep_page(("menu", table, half_minute), PAGE, seconds=30)
        clock[0] += 30.5
    keep_page(("menu", 0, 3), PAGE, seconds=30)
    assert list(guest_page._pages) == [("menu", 0, 3)]


def test_a_page_without_a_clock_stays() -> None:
    keep_page(("login",), PAGE)
    keep_page(("menu", 0), PAGE, seconds=30)
    assert (kept_page(("login",)), kept_page(("menu", 0))) == (PAGE, PAGE)


def test_an_old_page_without_a_clock_outlives_young_ones_with_it(clock: list[float]) -> None:
    keep_page(("login",), PAGE)
    keep_page(("menu", 0), PAGE, seconds=30)
    clock[0] += 31
    keep_page(("menu", 1), PAGE, seconds=30)
    assert list(guest_page._pages) == [("login",), ("menu", 1)]


def test_the_oldest_goes_when_there_are_too_many() -> None:
    for number in range(guest_page.PAGES_KEPT + 2):
        keep_page((number,), PAGE)
    assert len(guest_page._pages) == guest_page.PAGES_KEPT
    assert (kept_page((0,)), kept_page((1,)), kept_page((2,))) == (None, None, PAGE)
