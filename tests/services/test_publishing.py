"""Publishing: what a layout makes of the room, and whom it may not leave without a table."""

from random import Random

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.journal import AuditEntry
from models.layouts import FloorLayout
from models.seating import Area, Sitting, Table, TableCode
from services.base.database import reading, transaction
from services.codes import codes
from services.floor.queries import load_floor
from services.layouts import layouts, queries
from services.layouts.errors import (
    GuestsSitError,
    LayoutMovedOnError,
    LayoutProblemsError,
)
from services.seating import rooms, sittings
from services.seating.room_types import AreaForm, TableForm
from tests.builders import (
    NOW,
    make_sitting,
)
from tests.services.layout_place import Page, make_place, new_table, stored, table_row

pytestmark = pytest.mark.usefixtures("database")


async def test_a_draft_leaves_the_room_alone_until_it_is_published() -> None:
    place = await make_place()
    page = Page(place)
    await page.send()
    answer = await page.change(place.seven.id, x=300, y=100, rotation=45)
    assert (answer.revision, answer.change_count) == (2, 1)
    assert (await table_row(place.seven.id)).floor_plan_x == 200

    published = await page.publish()
    assert published.difference.changed_tables == ("7",)
    row = await table_row(place.seven.id)
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


async def test_what_is_wrong_is_told_at_once_and_keeps_the_room_as_it_is() -> None:
    place = await make_place()
    page = Page(place)
    await page.send()
    before = await stored(place)
    area = str(place.area.id)
    steps = [
        new_table("7", id="twice", area=area),
        new_table("9", id="upon", x=180, y=260, area=area),
        new_table("10", id="away", x=2000, area=area),
        new_table("11", id="lost", x=400),
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
    assert await stored(place) == before


async def test_new_tables_get_codes_and_lost_ones_are_put_away_with_their_history() -> None:
    place = await make_place()
    page = Page(place)
    await page.send()
    async with transaction() as session:
        await make_sitting(session, restaurant=place.restaurant, table=place.seven, released_at=NOW)
    await page.send(
        page.step("add", items=[new_table("9", area=str(place.area.id), shape="round")]),
        page.step("remove", ids=[str(place.seven.id)]),
    )
    published = await page.publish()
    assert published.difference.new_tables == ("9",)
    assert published.difference.gone_tables == ("7",)
    assert (await table_row(place.seven.id)).is_active is False
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
    place = await make_place()
    page = Page(place)
    await page.send()
    async with transaction() as session:
        await make_sitting(session, restaurant=place.restaurant, table=place.seven)
    await page.send(page.step("remove", ids=[str(place.seven.id)]))
    before = await stored(place)
    with pytest.raises(GuestsSitError) as refused:
        await page.publish()
    assert refused.value.numbers == ["7"]
    assert await stored(place) == before


async def test_guests_stay_seated_while_their_table_is_moved_and_renumbered() -> None:
    place = await make_place()
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
    row = await table_row(place.seven.id)
    assert (row.table_number, row.floor_plan_x, row.is_active) == ("8", 450, True)
    assert (await table_row(place.eight.id)).table_number == "7"
    async with reading() as session:
        found = await sittings.find_open(session, restaurant_id=place.id, table_id=place.seven.id)
    assert found == sitting.id


async def test_what_changed_since_it_was_looked_at_is_not_published() -> None:
    place = await make_place()
    ana, ben = Page(place), Page(place, by=place.other)
    await ana.send()
    await ben.send()
    await ana.change(place.seven.id, x=300)
    with pytest.raises(LayoutMovedOnError):
        await ben.publish()
    assert (await table_row(place.seven.id)).floor_plan_x == 200


async def test_the_plain_form_and_the_draft_keep_what_both_changed() -> None:
    place = await make_place()
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
    assert (await table_row(place.eight.id)).capacity == 10
    assert (await table_row(place.seven.id)).capacity == 2


async def test_a_table_that_the_form_put_away_leaves_the_draft() -> None:
    place = await make_place()
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
    place = await make_place()
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
    assert [(row[0], row[1]) for row in (await stored(place)).values()] == [
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
    assert found.is_retired is True

    back = Page(place)
    answer = await back.send()
    assert answer.change_count == 2
    await back.publish()
    assert [row[:2] for row in (await stored(place)).values()] == [(True, 200), (True, 600)]
    async with reading() as session:
        found = await codes.find_code(session, restaurant_id=place.id, code=code)
    assert found is not None
    assert found.is_retired is False


async def test_a_template_takes_over_tables_of_the_same_number() -> None:
    place = await make_place()
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


async def test_a_drawn_area_is_kept_and_published_with_its_corners() -> None:
    place = await make_place()
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


async def test_an_area_by_the_form_after_drawing_stays_consistent() -> None:
    place = await make_place()
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
