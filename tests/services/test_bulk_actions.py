"""Bulk actions: what they reach, what taking them back undoes, and two people at once."""

import asyncio
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.bulk import BulkAction
from models.customers import Customer
from models.journal import AuditEntry
from models.profiles import CustomerProfile, CustomerTag
from models.restaurants import Restaurant
from models.segments import CustomerSegment, SegmentMember
from services.accounts.types import Actor
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError
from services.customers import bulk
from services.customers.asking import load_asking
from services.customers.bulk import Done, Undone
from services.customers.errors import ActionUndoneError, NobodyChosenError, UnknownActionError
from services.customers.listing import Wanted
from services.segments.criteria import parse
from services.segments.errors import SegmentNotFoundError
from tests import builders
from tests.builders.listed import make_listed
from tests.builders.moments import NOW

pytestmark = pytest.mark.usefixtures("database")
SPENDERS = Wanted(parse({"field": "total_spent", "is": "at_least", "value": 1000}))


async def _place(count: int = 3) -> tuple[Restaurant, Actor, list[Customer]]:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        user = await builders.make_user(session, restaurant=restaurant)
        made = [
            await make_listed(session, restaurant=restaurant, total_spent_minor=number * 1000)
            for number in range(count)
        ]
    return restaurant, user.actor, made


async def _tag(by: Actor, wanted: Wanted, tag: str, *, minutes: int = 0) -> Done:
    async with transaction() as session:
        asking = await load_asking(
            session, restaurant_id=by.restaurant_id, now=NOW + timedelta(minutes=minutes)
        )
        return await bulk.add_tag(session, by=by, asking=asking, wanted=wanted, tag=tag)


async def _untag(by: Actor, wanted: Wanted, tag: str) -> Done:
    async with transaction() as session:
        asking = await load_asking(session, restaurant_id=by.restaurant_id, now=NOW)
        return await bulk.remove_tag(session, by=by, asking=asking, wanted=wanted, tag=tag)


async def _undo(by: Actor, action_id: UUID) -> Undone:
    async with transaction() as session:
        return await bulk.undo(session, by=by, action_id=action_id, now=NOW)


async def _tagged() -> set[tuple[UUID, str]]:
    async with reading() as session:
        rows = await session.execute(sa.select(col(CustomerTag.customer_id), col(CustomerTag.tag)))
        return {(one, tag) for one, tag in rows}


async def test_all_that_fit_are_tagged_and_untagged_again() -> None:
    _, by, made = await _place()
    done = await _tag(by, SPENDERS, "  birthday   club ")
    assert (done.count, done.changed_count) == (2, 2)
    assert await _tagged() == {(made[1].id, "birthday club"), (made[2].id, "birthday club")}
    assert await _undo(by, done.action_id) == Undone("tag", 2, 0)
    assert await _tagged() == set()
    async with reading() as session:
        entries = (await session.scalars(sa.select(AuditEntry))).all()
    assert [(entry.action, entry.data) for entry in entries] == [
        ("customers_bulk_tag", {"subject": "birthday club", "count": 2}),
        ("customers_bulk_undone", {"kind": "tag", "count": 2}),
    ]


async def test_who_has_a_tag_keeps_it_when_the_action_is_taken_back() -> None:
    _, by, made = await _place()
    async with transaction() as session:
        await builders.make_tag(session, customer=made[0], tag="Window")
    done = await _tag(by, Wanted(), "window")
    assert (done.count, done.changed_count) == (3, 2)
    assert {tag for _, tag in await _tagged()} == {"Window"}
    await _undo(by, done.action_id)
    assert await _tagged() == {(made[0].id, "Window")}


async def test_two_people_who_tag_at_once_put_one_tag_on_everybody() -> None:
    restaurant, by, made = await _place(40)
    async with transaction() as session:
        other = (await builders.make_user(session, restaurant=restaurant)).actor
    first, second = await asyncio.gather(
        _tag(by, Wanted(), "vip"), _tag(other, Wanted(), "vip", minutes=1)
    )
    assert await _tagged() == {(one.id, "vip") for one in made}
    await _undo(by, first.action_id)
    await _undo(other, second.action_id)
    assert await _tagged() == set()


async def test_what_somebody_else_did_since_is_left_alone() -> None:
    restaurant, by, made = await _place()
    done = await _tag(by, Wanted(), "vip")
    async with transaction() as session:
        other = (await builders.make_user(session, restaurant=restaurant)).actor
    only = Wanted(chosen=(made[0].id,))
    await _untag(other, only, "vip")
    await _tag(other, only, "vip", minutes=5)
    assert await _undo(by, done.action_id) == Undone("tag", 2, 1)
    assert await _tagged() == {(made[0].id, "vip")}


async def test_tags_that_were_taken_off_come_back_for_those_who_are_still_there() -> None:
    _, by, made = await _place()
    await _tag(by, Wanted(), "vip")
    done = await _untag(by, Wanted(), "VIP")
    assert (done.changed_count, await _tagged()) == (3, set())
    async with transaction() as session:
        (await session.get_one(Customer, made[0].id)).erased_at = NOW
        await session.execute(
            sa.delete(CustomerProfile).where(col(CustomerProfile.customer_id) == made[0].id)
        )
    await _tag(by, Wanted(chosen=(made[1].id,)), "vip", minutes=3)
    assert await _undo(by, done.action_id) == Undone("untag", 1, 2)
    assert await _tagged() == {(made[1].id, "vip"), (made[2].id, "vip")}


async def test_an_action_is_taken_back_once_and_only_by_its_restaurant() -> None:
    _, by, _ = await _place()
    _, stranger, _ = await _place()
    done = await _tag(by, Wanted(), "vip")
    with pytest.raises(UnknownActionError):
        await _undo(stranger, done.action_id)
    assert len(await _tagged()) == 3
    await _undo(by, done.action_id)
    with pytest.raises(ActionUndoneError):
        await _undo(by, done.action_id)
    with pytest.raises(UnknownActionError):
        await _undo(by, uuid4())


@pytest.mark.parametrize("tag", ["", "   ", "x" * 41, "\u200b"])
async def test_a_tag_that_is_none_changes_nothing(tag: str) -> None:
    _, by, _ = await _place()
    with pytest.raises(InvalidInputError):
        await _tag(by, Wanted(), tag)
    assert await _tagged() == set()


async def test_a_forged_id_of_another_restaurant_is_nobody() -> None:
    _, by, _ = await _place()
    _, _, theirs = await _place()
    with pytest.raises(NobodyChosenError):
        await _tag(by, Wanted(chosen=(theirs[0].id,)), "vip")
    assert await _tagged() == set()


async def test_a_tag_with_a_script_in_it_is_kept_as_text() -> None:
    _, by, made = await _place(1)
    await _tag(by, Wanted(), "<script>alert(1)</script>")
    assert await _tagged() == {(made[0].id, "<script>alert(1)</script>")}


async def test_old_actions_are_forgotten_with_the_next_one() -> None:
    _, by, _ = await _place()
    first = await _tag(by, Wanted(), "vip")
    await _tag(by, Wanted(), "late", minutes=60 * 25)
    async with reading() as session:
        kept = (await session.scalars(sa.select(col(BulkAction.subject)))).all()
    assert list(kept) == ["late"]
    with pytest.raises(UnknownActionError):
        await _undo(by, first.action_id)


async def _segment(restaurant: Restaurant) -> UUID:
    async with transaction() as session:
        row = CustomerSegment(
            restaurant_id=restaurant.id, segment_type="custom", updated_at=NOW, segment_name="Ours"
        )
        session.add(row)
        await session.flush()
        return row.id


async def _pin(by: Actor, wanted: Wanted, segment: str, until: date | None = None) -> Done:
    async with transaction() as session:
        asking = await load_asking(session, restaurant_id=by.restaurant_id, now=NOW)
        return await bulk.pin(
            session, by=by, asking=asking, wanted=wanted, segment=segment, until=until
        )


async def test_guests_are_pinned_to_a_segment_and_go_back_to_what_the_rule_said() -> None:
    restaurant, by, made = await _place()
    segment_id = await _segment(restaurant)
    before = NOW - timedelta(days=3)
    async with transaction() as session:
        session.add(
            SegmentMember(
                segment_id=segment_id,
                customer_id=made[0].id,
                entered_at=before,
                restaurant_id=restaurant.id,
            )
        )
    done = await _pin(by, Wanted(), str(segment_id), date(2026, 6, 30))
    assert (done.count, done.changed_count) == (3, 3)
    assert (await _pin(by, Wanted(), str(segment_id))).changed_count == 0
    async with reading() as session:
        open_rows = (
            await session.scalars(
                sa.select(SegmentMember).where(col(SegmentMember.left_at).is_(None))
            )
        ).all()
        count = (await session.get_one(CustomerSegment, segment_id)).customer_count
    assert count == 3
    assert {row.source for row in open_rows} == {"pinned"}
    # The end of the business day of 30 June, five in the morning in Berlin.
    assert {row.until_at.isoformat() for row in open_rows if row.until_at} == {
        "2026-07-01T03:00:00+00:00"
    }
    assert await _undo(by, done.action_id) == Undone("pin", 3, 0)
    async with reading() as session:
        rows = (await session.scalars(sa.select(SegmentMember))).all()
    assert [(row.customer_id, row.entered_at, row.left_at) for row in rows] == [
        (made[0].id, before, None)
    ]


async def test_pins_into_other_restaurants_segments_or_the_past_are_refused() -> None:
    restaurant, by, _ = await _place()
    other, _, _ = await _place()
    mine, theirs = await _segment(restaurant), await _segment(other)
    with pytest.raises(SegmentNotFoundError):
        await _pin(by, Wanted(), str(theirs))
    with pytest.raises(SegmentNotFoundError):
        await _pin(by, Wanted(), "no such")
    with pytest.raises(InvalidInputError):
        await _pin(by, Wanted(), str(mine), date(2020, 1, 1))
    async with reading() as session:
        assert (await session.scalars(sa.select(SegmentMember))).all() == []


async def test_nobody_gets_more_than_thirty_tags_from_a_bulk_action_or_its_undo() -> None:
    _, by, (first, second, third) = await _place()
    async with transaction() as session:
        for number in range(30):
            await builders.make_tag(session, customer=first, tag=f"tag {number}")
        for number in range(29):
            await builders.make_tag(session, customer=second, tag=f"tag {number}")
    everybody = Wanted()
    async with reading() as session:
        asking = await load_asking(session, restaurant_id=by.restaurant_id, now=NOW)
        seen = await bulk.preview_tag(session, asking=asking, wanted=everybody, tag="late")
    assert seen == bulk.Preview(count=3, already_count=0, full_count=1)
    done = await _tag(by, everybody, "late")
    assert (done.count, done.changed_count, done.full_count) == (3, 2, 1)
    assert {one for one, tag in await _tagged() if tag == "late"} == {second.id, third.id}
    # Who has it already is not full of it.
    assert (await _tag(by, everybody, "tag 3", minutes=1)).changed_count == 1
    with pytest.raises(InvalidInputError) as refused:
        await _tag(by, Wanted(chosen=(first.id,)), "another")
    assert refused.value.facts["count"] == 30
    # Taken off everybody; somebody else fills the place; taken back, it finds none.
    gone = await _untag(by, everybody, "late")
    async with transaction() as session:
        await builders.make_tag(session, customer=second, tag="meanwhile")
    assert await _undo(by, gone.action_id) == Undone("untag", 1, 1)
    assert {one for one, tag in await _tagged() if tag == "late"} == {third.id}
