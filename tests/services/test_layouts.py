"""Layouts: what editors do at once, and what is refused."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models.columns import new_id
from models.seating import Table
from services.base.database import reading, transaction
from services.base.errors import ConflictError, InvalidInputError, SmartMenuError
from services.layouts import editing, layouts, queries
from services.layouts.errors import (
    UnknownLayoutError,
)
from services.layouts.types import Item
from tests.builders import NOW
from tests.services.layout_place import Page, Place, make_place, new_table, table_row

pytestmark = pytest.mark.usefixtures("database")


async def test_the_first_layout_is_the_room_as_it_stands_and_changes_nothing() -> None:
    place = await make_place()
    page = Page(place)
    answer = await page.send()
    assert [(item["kind"], item["x"], item["y"]) for item in answer.items] == [
        ("area", 0, 0),
        ("table", 150, 250),
        ("table", 550, 250),
    ]
    assert (answer.revision, answer.is_live, answer.change_count) == (1, True, 0)
    assert answer.problems == ()
    async with transaction() as session:
        again = await layouts.ensure_live_layout(session, by=place.other, now=NOW)
    assert again == place.layout_id


async def test_a_batch_that_is_sent_again_is_done_once() -> None:
    place = await make_place()
    page = Page(place)
    await page.send()
    steps = [
        page.step("add", items=[new_table("9", area=str(place.area.id))]),
        page.step("change", items=[{"id": "new-9", "set": {"seats": 6}}]),
    ]
    first = await page.send(*steps)
    # The answer was lost: the page still knows revision 1.
    page.seen = 1
    again = await page.send(*steps)
    assert (first.revision, again.revision) == (3, 3)
    assert again.done == first.done == tuple(step["key"] for step in steps)
    assert [item["id"] for item in again.items] == ["new-9"]
    assert again.items[0]["seats"] == 6
    # A page never conflicts with what it did itself.
    page.seen = 1
    assert (await page.change("new-9", seats=8)).conflicts == ()


async def test_two_people_who_change_different_things_both_keep_theirs() -> None:
    place = await make_place()
    ana, ben = Page(place), Page(place, by=place.other)
    await ana.send()
    await ben.send()
    await ana.change(place.seven.id, x=300)
    moved = await ben.change(place.eight.id, x=700)
    assert moved.conflicts == ()
    assert [item["number"] for item in moved.items] == ["7", "8"]
    # Place and facts of one table are different things too.
    await ana.change(place.eight.id, seats=2)
    answer = await ben.change(place.eight.id, rotation=90)
    item = answer.items[0]
    assert (item["x"], item["seats"], item["rotation"]) == (700, 2, 90)
    assert answer.conflicts == ()


async def test_the_second_of_two_who_move_one_table_is_told_and_may_insist() -> None:
    place = await make_place()
    ana, ben = Page(place), Page(place, by=place.other)
    await ana.send()
    await ben.send()
    await ana.change(place.seven.id, x=300)
    answer = await ben.change(place.seven.id, x=20)
    assert answer.done == ()
    conflict = answer.conflicts[0]
    assert (conflict.part, conflict.who, conflict.item_id) == ("place", "Ana", str(place.seven.id))
    assert conflict.theirs is not None
    assert conflict.theirs["x"] == 300
    # Having seen hers, Ben wants his.
    insisted = await ben.change(place.seven.id, x=20)
    assert (insisted.conflicts, insisted.items[0]["x"]) == ((), 20)


async def test_of_many_moved_at_once_only_the_table_in_question_waits() -> None:
    place = await make_place()
    ana, ben = Page(place), Page(place, by=place.other)
    await ana.send()
    await ben.send()
    await ana.change(place.seven.id, x=300)
    both = [{"id": str(one.id), "set": {"y": 20}} for one in (place.seven, place.eight)]
    answer = await ben.send(ben.step("change", items=both))
    assert [one.item_id for one in answer.conflicts] == [str(place.seven.id)]
    assert {item["number"]: item["y"] for item in answer.items} == {"7": 250, "8": 20}


async def test_a_table_that_somebody_took_away_is_told_with_the_name() -> None:
    place = await make_place()
    ana, ben = Page(place), Page(place, by=place.other)
    await ana.send()
    await ben.send()
    await ana.send(ana.step("remove", ids=[str(place.seven.id)]))
    answer = await ben.change(place.seven.id, seats=3)
    assert [(one.part, one.who, one.theirs) for one in answer.conflicts] == [
        ("removed", "Ana", None)
    ]
    assert answer.order == (str(place.area.id), str(place.eight.id))
    # Both taking it away is no quarrel.
    assert (await ben.send(ben.step("remove", ids=[str(place.seven.id)]))).conflicts == ()


async def test_taking_away_what_somebody_has_just_changed_is_asked() -> None:
    place = await make_place()
    ana, ben = Page(place), Page(place, by=place.other)
    await ana.send()
    await ben.send()
    await ana.change(place.seven.id, notes="wobbles")
    answer = await ben.send(ben.step("remove", ids=[str(place.seven.id)]))
    assert [(one.part, one.who) for one in answer.conflicts] == [("facts", "Ana")]
    assert len(answer.items) == 1


async def test_operations_at_the_same_moment_are_all_kept() -> None:
    place = await make_place()
    pages = [Page(place, by=place.actor if i % 2 else place.other) for i in range(6)]
    for page in pages:
        await page.send()
    await asyncio.gather(
        *(
            page.send(page.step("add", items=[new_table(f"N{i}", id=f"new-{i}")]))
            for i, page in enumerate(pages)
        )
    )
    answer = await Page(place).send()
    numbers = {item["number"] for item in answer.items if item["kind"] == "table"}
    assert numbers == {"7", "8", "N0", "N1", "N2", "N3", "N4", "N5"}
    assert answer.revision == 7


@pytest.mark.parametrize(
    "fields",
    [
        {"width": 0},
        {"height": -50},
        {"width": 5},
        {"width": float("nan")},
        {"x": 1e30},
        {"x": 10**400},
        {"y": float("-inf")},
        {"rotation": -(10**400)},
        {"seats": 10**400},
        {"seats": 0},
        {"seats": 2.5},
        {"seats": True},
        {"number": ""},
        {"number": "1" * 13},
        {"number": "\u200b"},
        {"shape": "star"},
        {"outline": [[0, 0]]},
        {"row_id": "x"},
        {"revs": {}},
        {"kind": "area"},
        {},
    ],
)
async def test_a_table_that_cannot_be_is_refused_and_nothing_changes(fields: Item) -> None:
    place = await make_place()
    page = Page(place)
    await page.send()
    bad = page.step("change", items=[{"id": str(place.seven.id), "set": fields}])
    good = page.step("change", items=[{"id": str(place.eight.id), "set": {"seats": 2}}])
    answer = await page.send(bad, good)
    assert [one.key for one in answer.refused] == [bad["key"]]
    # What came with it is done all the same.
    assert answer.done == (good["key"],)
    assert [item["number"] for item in answer.items] == ["8"]


@pytest.mark.parametrize(
    "outline",
    [
        [[0, 0], [200, 200], [200, 0], [0, 200]],
        [[0, 0], [100, 0]],
        [[0, 0], [10, 0], [10, 10], [0, 10]],
        [[0, 0], [400, 0], [400, 400], [400, 400]],
        [[0, 0], [400, 0], ["x", 400]],
        "wide",
    ],
)
async def test_an_outline_that_is_none_is_refused(outline: Any) -> None:
    place = await make_place()
    page = Page(place)
    await page.send()
    box = {"x": 0, "y": 0, "width": 200, "height": 200, "outline": outline}
    answer = await page.change(place.area.id, **box)
    assert len(answer.refused) == 1
    assert answer.items == ()


async def test_tables_that_touch_do_not_lie_on_each_other() -> None:
    place = await make_place()
    page = Page(place)
    await page.send()
    pushed = new_table("9", x=250, y=250, area=str(place.area.id))
    assert (await page.send(page.step("add", items=[pushed]))).problems == ()


async def test_names_of_layouts_are_single_and_the_live_one_stays() -> None:
    place = await make_place()
    common = {"by": place.actor, "now": NOW}
    async with transaction() as session:
        lunch = await layouts.create_layout(session, name="Lunch", source="empty", **common)
    for name, source, error in (
        ("LUNCH ", "empty", ConflictError),
        ("  ", "empty", InvalidInputError),
        ("x" * 61, "empty", InvalidInputError),
        ("New", str(new_id()), UnknownLayoutError),
        ("New", "../../etc", UnknownLayoutError),
    ):
        with pytest.raises(error):
            async with transaction() as session:
                await layouts.create_layout(session, name=name, source=source, **common)
    with pytest.raises(ConflictError):
        async with transaction() as session:
            await layouts.rename_layout(session, layout_id=lunch, name="everyday", **common)
    with pytest.raises(ConflictError):
        async with transaction() as session:
            await layouts.archive_layout(session, layout_id=place.layout_id, **common)
    async with transaction() as session:
        await layouts.rename_layout(session, layout_id=lunch, name="Brunch", **common)
    async with transaction() as session:
        await layouts.archive_layout(session, layout_id=lunch, **common)
    async with reading() as session:
        listed = await queries.list_layouts(session, restaurant_id=place.id)
    assert [one.name for one in listed] == ["Everyday"]


async def test_another_restaurant_reaches_nothing() -> None:
    here, there = await make_place(), await make_place()
    stranger = Page(there, layout=here.layout_id)
    for attempt in (stranger.send(), stranger.publish()):
        with pytest.raises(UnknownLayoutError):
            await attempt
    # Rows of the neighbour cannot be taken over either.
    own = Page(there)
    await own.send()
    area = str(there.area.id)
    stolen = new_table("9", row_id=str(here.seven.id), area=area)
    answer = await own.send(own.step("add", items=[stolen]))
    assert [item["row_id"] for item in answer.items] == [None]
    own.seen = answer.revision
    await own.publish()
    row = await table_row(here.seven.id)
    assert (row.table_number, row.restaurant_id) == ("7", here.id)


async def test_undoing_a_removal_brings_the_same_table_back() -> None:
    place = await make_place()
    page = Page(place)
    items = {item["id"]: item for item in (await page.send()).items}
    seven = {k: v for k, v in items[str(place.seven.id)].items() if k != "revs"}
    await page.send(page.step("remove", ids=[seven["id"]]))
    answer = await page.send(page.step("add", items=[seven], at=1))
    assert answer.change_count == 0
    assert answer.order == tuple(items)
    # A second item for one table stands for a table of its own.
    twin = seven | {"id": "twin", "number": "70", "x": 300, "y": 20}
    answer = await page.send(page.step("add", items=[twin]))
    assert [item["row_id"] for item in answer.items] == [None]


async def test_undoing_a_removal_after_a_publication_brings_the_same_table_back() -> None:
    """The page drew the table before it had a row, and was never told of it."""
    place = await make_place()
    ana, ben = Page(place), Page(place, by=place.other)
    await ana.send()
    drawn = new_table("9", area=str(place.area.id))
    await ana.send(ana.step("add", items=[drawn]))
    await ben.send()
    await ben.publish()
    row = await _numbered(place, "9")
    await ana.send(room=True)
    await ana.send(ana.step("remove", ids=["new-9"]))
    await ana.send(ana.step("add", items=[drawn]))
    answer = await ana.send(ana.step("change", items=[{"id": "new-9", "set": {"seats": 2}}]))
    assert answer.problems == ()
    await ana.publish()
    assert await _numbered(place, "9") == row
    # Nobody brings another's table back under the same id.
    await ana.send(ana.step("remove", ids=["new-9"]))
    as_area = {"id": "new-9", "kind": "area", "name": "Bar", "x": 2000, "y": 0}
    await ana.send(ana.step("add", items=[as_area | {"width": 300, "height": 300}]))
    await ana.publish()
    async with reading() as session:
        found = await session.get(Table, row)
    assert found is not None
    assert not found.is_active


async def _numbered(place: Place, number: str) -> UUID:
    async with reading() as session:
        (found,) = await session.scalars(
            sa.select(Table.id).where(
                Table.restaurant_id == place.id, Table.table_number == number, Table.is_active
            )
        )
        return found


async def test_layers_of_two_people_keep_what_either_does_not_know() -> None:
    place = await make_place()
    ana, ben = Page(place), Page(place, by=place.other)
    await ana.send()
    await ben.send()
    await ana.send(ana.step("add", items=[{"id": "wall", "kind": "wall", "x": 0, "y": 700}]))
    ids = [str(place.eight.id), str(place.seven.id), str(place.area.id)]
    answer = await ben.send(ben.step("reorder", ids=ids))
    assert answer.order == (*ids, "wall")


async def test_pictures_of_others_and_of_nobody_are_refused() -> None:
    place = await make_place()
    page = Page(place)
    await page.send()
    for file in (f"pictures/{new_id()}/x.webp", "https://evil.example/x.png", "../x.webp", 7):
        picture = {"id": "p", "kind": "picture", "file": file}
        answer = await page.send(page.step("add", items=[picture]))
        assert len(answer.refused) == 1
    own = {"id": "p", "kind": "picture", "file": f"pictures/{place.id}/x.webp"}
    answer = await page.send(page.step("add", items=[own], at=0))
    assert answer.refused == ()
    await page.publish()
    async with reading() as session:
        decor = await queries.load_decor(session, restaurant_id=place.id)
    assert [(item["kind"], item["opacity"]) for item in decor] == [("picture", 40)]


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {},
        {"layout_id": "x", "tab": "tab-12345", "seen": 0, "operations": []},
        {"layout_id": str(new_id()), "tab": "short", "seen": 0, "operations": []},
        {"layout_id": str(new_id()), "tab": "tab-12345", "seen": "0", "operations": []},
        {"layout_id": str(new_id()), "tab": "tab-12345", "seen": 0, "operations": [{}]},
        {"layout_id": str(new_id()), "tab": "tab-12345", "seen": 0, "operations": [{}] * 201},
    ],
)
def test_what_is_no_batch_is_refused(raw: Any) -> None:
    with pytest.raises(SmartMenuError):
        editing.read_batch(raw)


async def test_one_batch_does_one_thing_to_an_item() -> None:
    """The second of two with one id would be checked against nothing."""
    place = await make_place()
    page = Page(place)
    before = (await page.send()).items

    twice = [new_table("20"), new_table("20") | {"number": "21"}]
    both = [{"id": str(place.seven.id), "set": {"x": n}} for n in (10, 20)]
    answer = await page.send(
        page.step("add", items=twice),
        page.step("change", items=both),
        page.step("reorder", ids=[str(place.seven.id), str(place.seven.id)]),
    )

    assert len(answer.refused) == 3
    page.seen = 0
    assert [item["id"] for item in (await page.send()).items] == [item["id"] for item in before]


async def test_a_table_cannot_stand_for_the_row_of_an_area() -> None:
    place = await make_place()
    page = Page(place)
    await page.send()
    area_row = new_table("20", row_id=str(place.area.id))
    await page.send(
        page.step("remove", ids=[str(place.area.id)]), page.step("add", items=[area_row])
    )
    page.seen = 0
    rows = {item["id"]: item["row_id"] for item in (await page.send()).items}
    assert rows["new-20"] is None
