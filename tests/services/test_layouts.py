"""Layouts: what editors do at once, what publishing makes of the room, what is refused."""

import asyncio
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.columns import new_id
from models.enums import Role
from models.journal import AuditEntry
from models.layouts import FloorLayout
from models.restaurants import Restaurant
from models.seating import Area, Sitting, Table, TableCode
from services.accounts.types import Actor
from services.base.database import reading, transaction
from services.base.errors import ConflictError, InvalidInputError, SmartMenuError
from services.floor.queries import load_floor
from services.layouts import editing, layouts, publishing, queries
from services.layouts.errors import (
    GuestsSitError,
    LayoutMovedOnError,
    LayoutProblemsError,
    UnknownLayoutError,
)
from services.layouts.types import Answer, Item, Published
from services.seating import codes, rooms, sittings
from services.seating.room_types import AreaForm, TableForm
from tests.builders import NOW, make_area, make_restaurant, make_sitting, make_table, make_user

pytestmark = pytest.mark.usefixtures("database")


@dataclass(frozen=True, slots=True)
class Place:
    restaurant: Restaurant
    actor: Actor
    other: Actor
    layout_id: UUID
    area: Area
    seven: Table
    eight: Table

    @property
    def id(self) -> UUID:
        return self.restaurant.id


class Page:
    """One open editor: knows a revision, and gives its operations keys."""

    def __init__(
        self, place: Place, *, by: Actor | None = None, layout: UUID | None = None
    ) -> None:
        self.by = by or place.actor
        self.layout_id = layout or place.layout_id
        self.tab = f"tab-{new_id().hex[-12:]}"
        self.seen = 0
        self._count = 0

    def step(self, name: str, **body: Any) -> dict[str, Any]:
        self._count += 1
        return {"key": f"{self.tab}-{self._count}", "op": name} | body

    async def send(self, *steps: dict[str, Any], room: bool = False) -> Answer:
        raw = {
            "layout_id": str(self.layout_id),
            "tab": self.tab,
            "seen": self.seen,
            "operations": list(steps),
            "room": room,
        }
        async with transaction() as session:
            answer = await editing.exchange(
                session, by=self.by, batch=editing.read_batch(raw), now=NOW
            )
        self.seen = answer.revision
        return answer

    async def change(self, item_id: object, **fields: Any) -> Answer:
        return await self.send(self.step("change", items=[{"id": str(item_id), "set": fields}]))

    async def publish(self) -> Published:
        async with transaction() as session:
            return await publishing.publish_layout(
                session,
                by=self.by,
                layout_id=self.layout_id,
                revision=self.seen,
                now=NOW,
                rng=Random(3),
            )


async def _place() -> Place:
    """One area of 10 by 6 metres with tables 7 and 8, drawn far apart."""
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        ana = await make_user(session, restaurant=restaurant, role=Role.MANAGER, name="Ana")
        ben = await make_user(session, restaurant=restaurant, role=Role.OWNER, name="Ben")
        box = {"x": 0, "y": 0, "width": 1000, "height": 600}
        area = await make_area(session, restaurant=restaurant, floor_plan_coordinates=box)
        spot = {"floor_plan_y": 300, "floor_plan_width": 100, "floor_plan_height": 100}
        tables = [
            await make_table(
                session, restaurant=restaurant, area=area, table_number=n, floor_plan_x=x, **spot
            )
            for n, x in (("7", 200), ("8", 600))
        ]
        layout_id = await layouts.ensure_live_layout(session, by=ana.actor, now=NOW)
    return Place(restaurant, ana.actor, ben.actor, layout_id, area, tables[0], tables[1])


def _new_table(number: str, **fields: Any) -> Item:
    return {
        "id": f"new-{number}",
        "kind": "table",
        "x": 800,
        "y": 250,
        "width": 100,
        "height": 100,
        "number": number,
    } | fields


async def _table(table_id: UUID) -> Table:
    async with reading() as session:
        found = await session.get(Table, table_id)
        assert found is not None
        return found


async def _stored(place: Place) -> dict[str, tuple[bool, float, float]]:
    async with reading() as session:
        rows = await session.scalars(
            sa.select(Table).where(col(Table.restaurant_id) == place.id).order_by(col(Table.id))
        )
        return {
            f"{row.table_number}/{str(row.id)[-4:]}": (
                row.is_active,
                row.floor_plan_x,
                row.floor_plan_y,
            )
            for row in rows
        }


async def test_the_first_layout_is_the_room_as_it_stands_and_changes_nothing() -> None:
    place = await _place()
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


async def test_a_draft_leaves_the_room_alone_until_it_is_published() -> None:
    place = await _place()
    page = Page(place)
    await page.send()
    answer = await page.change(place.seven.id, x=300, y=100, rotation=45)
    assert (answer.revision, answer.change_count) == (2, 1)
    assert (await _table(place.seven.id)).floor_plan_x == 200

    published = await page.publish()
    assert published.difference.changed_tables == ("7",)
    row = await _table(place.seven.id)
    assert (row.floor_plan_x, row.floor_plan_y, row.floor_plan_rotation) == (350, 150, 45)
    assert (await page.send(room=True)).change_count == 0
    async with reading() as session:
        entry = await session.scalar(
            sa.select(AuditEntry).where(col(AuditEntry.action) == "layout_published")
        )
        floor = await load_floor(session, restaurant_id=place.id)
    assert entry is not None
    assert (entry.data["changed_tables"], entry.actor_user_id) == (["7"], place.actor.user_id)
    assert floor.plan.tables[place.seven.id].x == 350


async def test_a_batch_that_is_sent_again_is_done_once() -> None:
    place = await _place()
    page = Page(place)
    await page.send()
    steps = [
        page.step("add", items=[_new_table("9", area=str(place.area.id))]),
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
    place = await _place()
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
    place = await _place()
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
    place = await _place()
    ana, ben = Page(place), Page(place, by=place.other)
    await ana.send()
    await ben.send()
    await ana.change(place.seven.id, x=300)
    both = [{"id": str(one.id), "set": {"y": 20}} for one in (place.seven, place.eight)]
    answer = await ben.send(ben.step("change", items=both))
    assert [one.item_id for one in answer.conflicts] == [str(place.seven.id)]
    assert {item["number"]: item["y"] for item in answer.items} == {"7": 250, "8": 20}


async def test_a_table_that_somebody_took_away_is_told_with_the_name() -> None:
    place = await _place()
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
    place = await _place()
    ana, ben = Page(place), Page(place, by=place.other)
    await ana.send()
    await ben.send()
    await ana.change(place.seven.id, notes="wobbles")
    answer = await ben.send(ben.step("remove", ids=[str(place.seven.id)]))
    assert [(one.part, one.who) for one in answer.conflicts] == [("facts", "Ana")]
    assert len(answer.items) == 1


async def test_operations_at_the_same_moment_are_all_kept() -> None:
    place = await _place()
    pages = [Page(place, by=place.actor if i % 2 else place.other) for i in range(6)]
    for page in pages:
        await page.send()
    await asyncio.gather(
        *(
            page.send(page.step("add", items=[_new_table(f"N{i}", id=f"new-{i}")]))
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
    place = await _place()
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
    place = await _place()
    page = Page(place)
    await page.send()
    box = {"x": 0, "y": 0, "width": 200, "height": 200, "outline": outline}
    answer = await page.change(place.area.id, **box)
    assert len(answer.refused) == 1
    assert answer.items == ()


async def test_a_drawn_area_is_kept_and_published_with_its_corners() -> None:
    place = await _place()
    page = Page(place)
    await page.send()
    corners = [[0, 0], [1000, 0], [1000, 600], [500, 600], [0, 400]]
    answer = await page.change(place.area.id, outline=corners, width=1000, height=600)
    assert answer.refused == ()
    await page.publish()
    async with reading() as session:
        area = await session.get(Area, place.area.id)
        floor = await load_floor(session, restaurant_id=place.id)
    assert area is not None
    assert area.floor_plan_coordinates["outline"] == corners
    # Whoever knows rectangles only sees the one around it.
    assert floor.plan.areas[area.id].width == 1000
    assert (await page.send(room=True)).change_count == 0


async def test_what_is_wrong_is_told_at_once_and_keeps_the_room_as_it_is() -> None:
    place = await _place()
    page = Page(place)
    await page.send()
    before = await _stored(place)
    area = str(place.area.id)
    steps = [
        _new_table("7", id="twice", area=area),
        _new_table("9", id="upon", x=180, y=260, area=area),
        _new_table("10", id="away", x=2000, area=area),
        _new_table("11", id="lost", x=400),
    ]
    answer = await page.send(page.step("add", items=steps))
    found = {problem.kind: problem.message.format(**problem.facts) for problem in answer.problems}
    assert found == {
        "number": "There are two tables 7.",
        "outside": "Table 10 stands outside its area, Main room.",
        "no_area": "Table 11 stands in no area.",
        "overlap": "Tables 7 and 9 lie on each other.",
    }
    with pytest.raises(LayoutProblemsError) as refused:
        await page.publish()
    assert len(refused.value.problems) == 4
    assert await _stored(place) == before


async def test_tables_that_touch_do_not_lie_on_each_other() -> None:
    place = await _place()
    page = Page(place)
    await page.send()
    pushed = _new_table("9", x=250, y=250, area=str(place.area.id))
    assert (await page.send(page.step("add", items=[pushed]))).problems == ()


async def test_new_tables_get_codes_and_lost_ones_are_put_away_with_their_history() -> None:
    place = await _place()
    page = Page(place)
    await page.send()
    async with transaction() as session:
        await make_sitting(session, restaurant=place.restaurant, table=place.seven, released_at=NOW)
    await page.send(
        page.step("add", items=[_new_table("9", area=str(place.area.id), shape="round")]),
        page.step("remove", ids=[str(place.seven.id)]),
    )
    published = await page.publish()
    assert published.difference.new_tables == ("9",)
    assert published.difference.gone_tables == ("7",)
    assert (await _table(place.seven.id)).is_active is False
    async with reading() as session:
        new = await session.scalar(sa.select(Table).where(col(Table.table_number) == "9"))
        assert new is not None
        code = await session.scalar(sa.select(TableCode).where(col(TableCode.table_id) == new.id))
        sat = await session.scalar(sa.select(sa.func.count()).select_from(Sitting))
    assert code is not None
    assert sat == 1
    # Publishing again makes no second table and no second code.
    page.seen = (await page.send()).revision
    assert (await page.publish()).difference.count == 0
    async with reading() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(TableCode)) == 4


async def test_a_table_with_guests_cannot_be_taken_away_by_publishing() -> None:
    place = await _place()
    page = Page(place)
    await page.send()
    async with transaction() as session:
        await make_sitting(session, restaurant=place.restaurant, table=place.seven)
    await page.send(page.step("remove", ids=[str(place.seven.id)]))
    before = await _stored(place)
    with pytest.raises(GuestsSitError) as refused:
        await page.publish()
    assert refused.value.numbers == ["7"]
    assert await _stored(place) == before


async def test_guests_stay_seated_while_their_table_is_moved_and_renumbered() -> None:
    place = await _place()
    page = Page(place)
    await page.send()
    async with transaction() as session:
        sitting = await make_sitting(session, restaurant=place.restaurant, table=place.seven)
    swap = [
        {"id": str(place.seven.id), "set": {"number": "8"}},
        {"id": str(place.eight.id), "set": {"number": "7"}},
    ]
    await page.send(page.step("change", items=swap))
    await page.change(place.seven.id, x=400)
    await page.publish()
    row = await _table(place.seven.id)
    assert (row.table_number, row.floor_plan_x, row.is_active) == ("8", 450, True)
    assert (await _table(place.eight.id)).table_number == "7"
    async with reading() as session:
        found = await sittings.find_open(session, restaurant_id=place.id, table_id=place.seven.id)
    assert found == sitting.id


async def test_what_changed_since_it_was_looked_at_is_not_published() -> None:
    place = await _place()
    ana, ben = Page(place), Page(place, by=place.other)
    await ana.send()
    await ben.send()
    await ana.change(place.seven.id, x=300)
    with pytest.raises(LayoutMovedOnError):
        await ben.publish()
    assert (await _table(place.seven.id)).floor_plan_x == 200


async def test_the_plain_form_and_the_draft_keep_what_both_changed() -> None:
    place = await _place()
    page = Page(place)
    await page.send()
    await page.change(place.seven.id, x=300)
    await page.change(place.eight.id, seats=10)
    async with transaction() as session:
        for table, seats in ((place.seven, 2), (place.eight, 3)):
            form = TableForm(place.area.id, table.table_number, seats, name="By the door")
            await rooms.update_table(session, by=place.other, table_id=table.id, form=form, now=NOW)
        await rooms.create_table(
            session, by=place.other, form=TableForm(place.area.id, "9", 2), now=NOW, rng=Random(1)
        )
    answer = await page.send(room=True)
    by_number = {item["number"]: item for item in answer.items if item["kind"] == "table"}
    assert set(by_number) == {"7", "8", "9"}
    # The form's seats and the draft's place; where both wrote the seats, the drawing stays.
    assert (by_number["7"]["seats"], by_number["7"]["x"]) == (2, 300)
    assert (by_number["8"]["seats"], by_number["8"]["name"]) == (10, "By the door")
    await page.publish()
    assert (await _table(place.eight.id)).capacity == 10
    assert (await _table(place.seven.id)).capacity == 2


async def test_a_table_that_the_form_put_away_leaves_the_draft() -> None:
    place = await _place()
    page = Page(place)
    await page.send()
    async with transaction() as session:
        await rooms.archive_table(session, by=place.other, table_id=place.eight.id, now=NOW)
    # Publishing what was looked at before is refused, not done over the form's change.
    with pytest.raises(LayoutMovedOnError):
        await page.publish()
    answer = await page.send(room=True)
    assert answer.order == (str(place.area.id), str(place.seven.id))
    assert answer.change_count == 0


async def test_another_layout_replaces_the_room_and_the_first_brings_it_back() -> None:
    place = await _place()
    async with reading() as session:
        code = await session.scalar(
            sa.select(col(TableCode.code)).where(col(TableCode.table_id) == place.eight.id)
        )
    assert code is not None
    async with transaction() as session:
        event = await layouts.create_layout(
            session, by=place.actor, name="Event", source=str(place.layout_id), now=NOW
        )
    page = Page(place, layout=event)
    await page.send()
    await page.send(page.step("remove", ids=[str(place.eight.id)]))
    await page.change(place.seven.id, x=400)
    await page.publish()
    assert [(row[0], row[1]) for row in (await _stored(place)).values()] == [
        (True, 450),
        (False, 600),
    ]
    async with reading() as session:
        listed = await queries.list_layouts(session, restaurant_id=place.id)
        found = await codes.find_code(session, restaurant_id=place.id, code=code)
    assert [(one.name, one.is_live, one.table_count) for one in listed] == [
        ("Event", True, 1),
        ("Everyday", False, 2),
    ]
    assert found is not None
    assert found.is_revoked is True

    back = Page(place)
    answer = await back.send()
    assert answer.change_count == 2
    await back.publish()
    assert [row[:2] for row in (await _stored(place)).values()] == [(True, 200), (True, 600)]
    async with reading() as session:
        found = await codes.find_code(session, restaurant_id=place.id, code=code)
    assert found is not None
    assert found.is_revoked is False


async def test_a_template_takes_over_tables_of_the_same_number() -> None:
    place = await _place()
    async with transaction() as session:
        lunch = await layouts.create_layout(
            session, by=place.actor, name="Lunch", source="bistro", now=NOW
        )
    page = Page(place, layout=lunch)
    answer = await page.send()
    rows = {item["number"]: item["row_id"] for item in answer.items if item["kind"] == "table"}
    assert (rows["7"], rows["8"], rows["1"]) == (str(place.seven.id), str(place.eight.id), None)
    published = await page.publish()
    assert published.difference.gone_tables == ()
    assert published.difference.new_tables == ("1", "2", "3", "4", "5", "6", "9", "10")


async def test_names_of_layouts_are_single_and_the_live_one_stays() -> None:
    place = await _place()
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
    here, there = await _place(), await _place()
    stranger = Page(there, layout=here.layout_id)
    for attempt in (stranger.send(), stranger.publish()):
        with pytest.raises(UnknownLayoutError):
            await attempt
    # Rows of the neighbour cannot be taken over either.
    own = Page(there)
    await own.send()
    area = str(there.area.id)
    stolen = _new_table("9", row_id=str(here.seven.id), area=area)
    answer = await own.send(own.step("add", items=[stolen]))
    assert [item["row_id"] for item in answer.items] == [None]
    own.seen = answer.revision
    await own.publish()
    row = await _table(here.seven.id)
    assert (row.table_number, row.restaurant_id) == ("7", here.id)


async def test_undoing_a_removal_brings_the_same_table_back() -> None:
    place = await _place()
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


async def test_layers_of_two_people_keep_what_either_does_not_know() -> None:
    place = await _place()
    ana, ben = Page(place), Page(place, by=place.other)
    await ana.send()
    await ben.send()
    await ana.send(ana.step("add", items=[{"id": "wall", "kind": "wall", "x": 0, "y": 700}]))
    ids = [str(place.eight.id), str(place.seven.id), str(place.area.id)]
    answer = await ben.send(ben.step("reorder", ids=ids))
    assert answer.order == (*ids, "wall")


async def test_pictures_of_others_and_of_nobody_are_refused() -> None:
    place = await _place()
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


async def test_an_area_by_the_form_after_drawing_stays_consistent() -> None:
    place = await _place()
    async with transaction() as session:
        await rooms.create_area(
            session, by=place.other, form=AreaForm("Terrace"), now=NOW, rng=Random(2)
        )
    answer = await Page(place).send()
    assert [item["name"] for item in answer.items if item["kind"] == "area"] == [
        "Main room",
        "Terrace",
    ]
    async with reading() as session:
        kept = await session.scalar(sa.select(FloorLayout))
    assert kept is not None
    assert kept.revision == 2
