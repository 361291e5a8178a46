"""What a tab is told of the tables, followed by hand from reading to reading."""

from dataclasses import replace
from typing import Any

from state.staff.floor_news import REMEMBERED, TOLD_AGAIN, Tables, follow, news
from state.staff.floor_views import TableView


def view(number: int, **more: Any) -> TableView:
    return TableView(
        id=f"t{number}",
        area_id="a",
        status="available",
        look="s-free",
        icon="circle-check",
        word="Free",
        label=f"Table {number}, Available",
        row_caption="4 seats",
        haystack=str(number),
        **more,
    )


def read(before: Tables | None, count: int, **words: str) -> Tables:
    """A reading of so many tables, some with another word."""
    views = [view(number) for number in range(count)]
    return follow(before, [replace(one, word=words.get(one.id, one.word)) for one in views])


def listen(known: dict[str, Any], told: dict[str, Any]) -> dict[str, Any] | None:
    """What `news.js` does; None for a hole."""
    if told["from"] and (
        told["epoch"] != known.get("epoch") or told["from"] > known.get("number", 0)
    ):
        return None
    tables = {**(known["tables"] if told["from"] else {}), **told["tables"]}
    return {"epoch": told["epoch"], "number": told["to"], "tables": tables}


def test_the_first_news_are_everything() -> None:
    told = news(read(None, 3), known=None)
    assert (told["from"], told["to"], sorted(told["tables"])) == (0, 1, ["t0", "t1", "t2"])
    assert told["tables"]["t1"] == {
        "id": "t1",
        "area_id": "a",
        "status": "available",
        "look": "s-free",
        "icon": "circle-check",
        "word": "Free",
        "label": "Table 1, Available",
        "row_caption": "4 seats",
        "haystack": "1",
    }


def test_a_reading_that_finds_nothing_new_is_no_news() -> None:
    first = read(None, 3)
    assert read(first, 3) is first


def test_a_change_tells_of_that_table_alone() -> None:
    first = read(None, 300)
    second = read(first, 300, t7="Eating")
    told = news(second, known=first)
    assert (told["from"], told["to"], list(told["tables"])) == (1, 2, ["t7"])
    assert told["tables"]["t7"]["word"] == "Eating"


def test_a_table_that_was_taken_away_is_a_change_without_words() -> None:
    first = read(None, 3)
    told = news(read(first, 2), known=first)
    assert (told["to"], told["tables"]) == (2, {})


def test_earlier_changes_ride_along_while_they_are_few() -> None:
    first = read(None, 40)
    second = read(first, 40, t1="Bill")
    third = read(second, 40, t1="Bill", t2="Bill")
    told = news(third, known=second)
    # A browser that drew nothing between the two still knows 1.
    assert (told["from"], told["to"], sorted(told["tables"])) == (1, 3, ["t1", "t2"])

    many = read(third, 40, **{f"t{number}": "Paid" for number in range(TOLD_AGAIN + 1)})
    last = read(many, 40, **{f"t{number}": "Paid" for number in range(TOLD_AGAIN + 2)})
    told = news(last, known=many)
    assert (told["from"], sorted(told["tables"])) == (4, [f"t{TOLD_AGAIN + 1}"])


def test_whoever_is_too_far_behind_or_of_another_epoch_is_told_everything() -> None:
    first = last = read(None, 2)
    for turn in range(REMEMBERED + 1):
        last = read(last, 2, t0=f"word {turn}")
    assert news(last, known=first)["from"] == 0
    stranger = read(None, 2)
    assert stranger.epoch != last.epoch
    assert news(last, known=stranger)["from"] == 0


def test_a_tab_that_misses_messages_knows_it_and_ends_with_the_truth() -> None:
    rooms = [read(None, 20)]
    for turn in range(30):
        rooms.append(read(rooms[-1], 20, **{f"t{turn % 20}": f"word {turn}"}))
    for lost in range(1, 30):
        known: dict[str, Any] = {}
        sent = None
        for number, room in enumerate(rooms):
            told = news(room, known=sent)
            sent = room
            if number % 3 == lost % 3 and number:
                continue
            known = listen(known, told) or listen({}, news(room, known=None)) or {}
        known = listen(known, news(rooms[-1], known=None)) or {}
        assert known["tables"] == {one: v.told() for one, v in rooms[-1].views.items()}
