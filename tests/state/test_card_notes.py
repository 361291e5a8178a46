"""Notes and tags on a guest's card: whose they are, who may change them, what they may hold."""

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import Role
from models.journal import AuditEntry
from services.base.database import reading
from tests.state.card_place import new_customer, new_restaurant, page, texts_of
from tests.state.screens import call, told
from tests.state.tabs import log_in

pytestmark = pytest.mark.usefixtures("sqlite_database")


async def test_notes_of_another_guest_or_restaurant_cannot_be_touched() -> None:
    restaurant, other = await new_restaurant(), await new_restaurant()
    mine, neighbour, theirs = (
        await new_customer(restaurant),
        await new_customer(restaurant),
        await new_customer(other),
    )
    ids = []
    for owner, customer in ((restaurant, neighbour), (other, theirs)):
        state = await page(await log_in(owner), customer.id)
        await call(state, "add_note", {"text": "theirs"})
        assert state.notes is not None
        ids.append(state.notes.rows[0].id)
    state = await page(await log_in(restaurant), mine.id)
    await call(state, "show_tab", "notes")
    for note_id in ids:
        await call(state, "delete_note", note_id)
        assert await told(state) == ("This note is not there any more.", "bad")
        await call(state, "edit_note", note_id)
        assert state.notes is not None
        assert state.notes.editing == ""
    assert (await texts_of(neighbour), await texts_of(theirs)) == (["theirs"], ["theirs"])


async def test_the_second_of_two_who_change_a_note_is_told_and_loses_nothing() -> None:
    restaurant = await new_restaurant()
    customer = await new_customer(restaurant)
    ana, ben = await log_in(restaurant, name="Ana"), await log_in(restaurant, name="Ben")
    first, second = await page(ana, customer.id), await page(ben, customer.id)
    await call(first, "add_note", {"text": "Sits at 12"})
    assert first.notes is not None
    note_id = first.notes.rows[0].id
    for screen in (first, second):
        await call(screen, "edit_note", note_id)
    await call(first, "save_note", {"text": "Sits at 14"})
    await call(second, "save_note", {"text": "Sits outside"})
    assert second.notes is not None
    assert second.notes.problem == (
        "Ana changed this note a moment ago. Save again to keep your words instead."
    )
    assert (second.notes.theirs, second.notes.editing) == ("Sits at 14", note_id)
    assert await texts_of(customer) == ["Sits at 14"]
    await call(second, "save_note", {"text": "Sits outside"})
    assert await texts_of(customer) == ["Sits outside"]
    (row,) = second.notes.rows
    assert [was.text for was in row.earlier] == ["Sits at 14", "Sits at 12"]
    assert row.who.startswith("Ben, ")
    assert row.who.endswith(", changed")


async def test_a_deleted_note_comes_back_as_it_was() -> None:
    restaurant = await new_restaurant()
    customer = await new_customer(restaurant)
    state = await page(await log_in(restaurant), customer.id)
    await call(state, "add_note", {"text": "  Likes the corner. "})
    assert state.notes is not None
    before = state.notes.rows
    await call(state, "delete_note", before[0].id)
    assert (await texts_of(customer), state.notes.rows) == ([], [])
    assert state.head is not None
    assert state.head.notes_count == 0
    await call(state, "undo")
    await call(state, "undo")
    assert (await texts_of(customer), state.head.notes_count) == (["Likes the corner."], 1)
    assert state.notes.rows == before
    async with reading() as session:
        entries = (await session.scalars(sa.select(AuditEntry).order_by(col(AuditEntry.id)))).all()
    assert [entry.action for entry in entries] == [
        "customer_note_added",
        "customer_note_deleted",
        "customer_note_restored",
    ]
    assert [entry.data for entry in entries] == [{}] * 3


async def test_a_waiter_changes_only_their_own_notes_and_never_sees_those_of_managers() -> None:
    restaurant = await new_restaurant()
    customer = await new_customer(restaurant)
    boss = await page(await log_in(restaurant, Role.MANAGER), customer.id)
    await call(boss, "add_note", {"text": "Owes us", "only_managers": "yes"})
    await call(boss, "add_note", {"text": "Loves the terrace"})
    waiter = await page(await log_in(restaurant, Role.WAITER), customer.id)
    await call(waiter, "add_note", {"text": "Left-handed"})
    await call(waiter, "add_note", {"text": "Secret", "only_managers": "yes"})
    assert (await told(waiter))[1] == "bad"
    await call(waiter, "show_tab", "notes")
    assert waiter.notes is not None
    assert [(row.text, row.may_change) for row in waiter.notes.rows] == [
        ("Left-handed", True),
        ("Loves the terrace", False),
    ]
    assert waiter.head is not None
    assert waiter.head.notes_count == 2
    assert boss.notes is not None
    for row in boss.notes.rows:
        await call(waiter, "delete_note", row.id)
        await call(waiter, "edit_note", row.id)
        await call(waiter, "save_note", {"text": "mine"})
    await call(waiter, "add_tag", {"tag": "mine"})
    assert await texts_of(customer) == ["Owes us", "Loves the terrace", "Left-handed"]


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
async def test_a_note_that_cannot_be_is_refused_at_its_field(text: str) -> None:
    restaurant = await new_restaurant()
    customer = await new_customer(restaurant)
    state = await page(await log_in(restaurant), customer.id)
    await call(state, "show_tab", "notes")
    await call(state, "add_note", {"text": text})
    assert state.notes is not None
    assert (state.notes.problem_at, bool(state.notes.problem)) == ("new", True)
    assert await texts_of(customer) == []


async def test_the_same_tag_twice_is_one() -> None:
    restaurant = await new_restaurant()
    first, second = await new_customer(restaurant), await new_customer(restaurant)
    person = await log_in(restaurant, Role.MANAGER)
    one, two = await page(person, first.id), await page(person, second.id)
    for tag in ("Window seat", "window  SEAT", " Window seat "):
        await call(one, "add_tag", {"tag": tag})
    await call(two, "add_tag", {"tag": "WINDOW SEAT"})
    assert one.notes is not None
    assert two.notes is not None
    assert (one.notes.tags, two.notes.tags) == (["Window seat"], ["Window seat"])
    await call(two, "add_tag", {"tag": "x" * 41})
    assert two.notes.problem_at == "tag"
    await call(two, "remove_tag", "Window seat")
    await call(two, "remove_tag", "Window seat")
    assert (two.notes.tags, two.notes.known_tags) == ([], ["Window seat"])


async def test_words_of_people_stay_words() -> None:
    restaurant = await new_restaurant()
    customer = await new_customer(restaurant)
    state = await page(await log_in(restaurant), customer.id)
    evil = "<img src=x onerror=alert(1)>"
    await call(state, "add_note", {"text": f"{evil} \u202eعلى اليمين"})
    await call(state, "add_tag", {"tag": evil})
    assert state.notes is not None
    assert state.notes.rows[0].text == f"{evil} \u202eعلى اليمين"
    assert state.notes.tags == [evil]
