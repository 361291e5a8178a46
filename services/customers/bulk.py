"""One thing done to many customers: counted before, done at once, taken back as a whole.

Taking back undoes what the action itself has changed. What somebody else did since stays: a tag
that was taken off and put on again by hand is theirs, and is left alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.bulk import BulkAction
from models.columns import new_id
from models.profiles import CustomerTag
from services import journal
from services.accounts.types import Actor
from services.base import fields
from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.base.upserts import insert
from services.customers import listing, pins
from services.customers.asking import end_of
from services.customers.bulk_rows import (
    chunks,
    full_of_tags,
    has_tag,
    still_living,
    without_tag,
)
from services.customers.errors import ActionUndoneError, NobodyChosenError, UnknownActionError
from services.customers.listing import Wanted
from services.customers.segment_names import get_segment
from services.customers.tags import MOST_TAGS, known_spelling
from services.segments.types import Asking

MAX_TAG = 40
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Preview:
    """What an action would do: to how many; who has it already, and who has no room for it."""

    count: int
    already_count: int
    full_count: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """What an action did; `action_id` is what `undo` takes.

    `full_count` have as many tags as a guest can have, and got none.
    """

    action_id: UUID
    count: int
    changed_count: int
    full_count: int = 0


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, and how many were left alone because they changed since."""

    kind: str
    changed_count: int
    left_count: int


def tag_name(text: str) -> str:
    """A tag as it is kept.

    Raises:
        InvalidInputError: it is empty or too long.
    """
    return fields.line(text, field="tag", most=MAX_TAG, required=True)


async def preview_tag(
    session: AsyncSession,
    *,
    asking: Asking,
    wanted: Wanted,
    tag: str,
) -> Preview:
    """How many customers would get a tag, and how many have it."""
    count = await listing.count(session, asking=asking, wanted=wanted)
    if not tag:
        return Preview(count, 0)
    ids = await listing.list_ids(session, asking=asking, wanted=wanted)
    missing = await without_tag(session, asking.restaurant.id, tag, ids)
    full = await full_of_tags(session, asking.restaurant.id, missing)
    return Preview(count, len(ids) - len(missing), len(full))


async def add_tag(
    session: AsyncSession,
    *,
    by: Actor,
    asking: Asking,
    wanted: Wanted,
    tag: str,
) -> Done:
    """Put a tag on all who fit; whoever has it keeps it as it is, who has 30 gets none.

    Args:
        session: open transaction; flushed, not committed.
        by: who does it.
        asking: of their restaurant, now.
        wanted: whom; ids of other restaurants' customers fit nothing.
        tag: as it was typed. One that is known under other capitals is that one.

    Raises:
        InvalidInputError: the tag is empty or too long, or nobody has room for it.
        NobodyChosenError: nobody fits.
    """
    name = await known_spelling(session, asking.restaurant.id, tag_name(tag))
    ids = await _chosen(session, asking=asking, wanted=wanted)
    missing = await without_tag(session, asking.restaurant.id, name, ids)
    full = await full_of_tags(session, asking.restaurant.id, missing)
    changed = [one for one in missing if one not in full]
    if full and not changed:
        msg = N_("A guest has at most {count} tags. Take one off first.")
        raise InvalidInputError(msg, field="tag", count=MOST_TAGS)
    for chunk in chunks(changed):
        await session.execute(
            insert(session, CustomerTag).on_conflict_do_nothing(),
            [
                {
                    "id": new_id(),
                    "created_at": asking.now,
                    "restaurant_id": asking.restaurant.id,
                    "customer_id": one,
                    "tag": name,
                    "added_by_user_id": by.user_id,
                }
                for one in chunk
            ],
        )
    done = await _note(
        session, by=by, kind="tag", subject=name, ids=ids, changed=changed, now=asking.now
    )
    return replace(done, full_count=len(full))


async def remove_tag(
    session: AsyncSession,
    *,
    by: Actor,
    asking: Asking,
    wanted: Wanted,
    tag: str,
) -> Done:
    """Take a tag off all who fit and have it.

    Raises:
        InvalidInputError, NobodyChosenError: as in `add_tag`.
    """
    name = await known_spelling(session, asking.restaurant.id, tag_name(tag))
    ids = await _chosen(session, asking=asking, wanted=wanted)
    missing = set(await without_tag(session, asking.restaurant.id, name, ids))
    changed = [one for one in ids if one not in missing]
    for chunk in chunks(changed):
        await session.execute(
            sa.delete(CustomerTag).where(*has_tag(asking.restaurant.id, name, chunk))
        )
    return await _note(
        session, by=by, kind="untag", subject=name, ids=ids, changed=changed, now=asking.now
    )


async def pin(
    session: AsyncSession,
    *,
    by: Actor,
    asking: Asking,
    wanted: Wanted,
    segment: str,
    until: date | None,
) -> Done:
    """Put all who fit into a segment by hand; who is pinned there already stays as they are.

    Args:
        session: open transaction; flushed, not committed.
        by: who does it.
        asking: of their restaurant, now.
        wanted: whom.
        segment: key of a built-in segment, or id of an own one.
        until: the last business day of it; None for good.

    Raises:
        SegmentNotFoundError: the restaurant has no such segment.
        InvalidInputError: the day has passed.
        NobodyChosenError: nobody fits.
    """
    until_at = None
    if until is not None:
        if until < asking.today:
            msg = N_("This day has passed.")
            raise InvalidInputError(msg, field="until")
        until_at = end_of(until, asking)
    found = await get_segment(session, restaurant_id=asking.restaurant.id, segment=segment)
    ids = await _chosen(session, asking=asking, wanted=wanted)
    changed = await pins.pin_many(
        session,
        segment_id=found.id,
        restaurant_id=asking.restaurant.id,
        customer_ids=ids,
        until_at=until_at,
        by_user_id=by.user_id,
        now=asking.now,
    )
    return await _note(
        session, by=by, kind="pin", subject=str(found.id), ids=ids, changed=changed, now=asking.now
    )


async def undo(session: AsyncSession, *, by: Actor, action_id: UUID, now: datetime) -> Undone:
    """Take an action back, once.

    Raises:
        UnknownActionError: this restaurant has no such action, or it is too old.
        ActionUndoneError: it was taken back already.
    """
    action = await session.get(BulkAction, action_id, with_for_update=True)
    if action is None or action.restaurant_id != by.restaurant_id:
        raise UnknownActionError
    if action.undone_at is not None:
        raise ActionUndoneError
    changed = await _UNDO[action.kind](session, action)
    action.undone_at = now
    journal.record(
        session,
        restaurant_id=by.restaurant_id,
        by=by,
        action="customers_bulk_undone",
        subject_type="bulk_action",
        subject_id=action.id,
        now=now,
        data={"kind": action.kind, "count": changed},
    )
    await session.flush()
    return Undone(action.kind, changed, action.changed_count - changed)


async def _untag_again(session: AsyncSession, action: BulkAction) -> int:
    # The moment of the action marks its tags: one that is younger was put on by somebody since.
    done = await session.execute(
        sa.delete(CustomerTag).where(
            col(CustomerTag.restaurant_id) == action.restaurant_id,
            col(CustomerTag.tag) == action.subject,
            col(CustomerTag.created_at) == action.done_at,
            col(CustomerTag.added_by_user_id) == action.by_user_id,
        )
    )
    return cast("sa.CursorResult[Any]", done).rowcount


async def _tag_again(session: AsyncSession, action: BulkAction) -> int:
    restaurant_id, tag = action.restaurant_id, action.subject
    living = await still_living(session, restaurant_id, _unpacked(action.changed_ids))
    missing = await without_tag(session, restaurant_id, tag, living)
    full = await full_of_tags(session, restaurant_id, missing)
    back = [one for one in missing if one not in full]
    for chunk in chunks(back):
        await session.execute(
            insert(session, CustomerTag).on_conflict_do_nothing(),
            [
                {
                    "id": new_id(),
                    "created_at": action.done_at,
                    "restaurant_id": restaurant_id,
                    "customer_id": one,
                    "tag": tag,
                    "added_by_user_id": action.by_user_id,
                }
                for one in chunk
            ],
        )
    return len(back)


async def _unpin_again(session: AsyncSession, action: BulkAction) -> int:
    return await pins.unpin_many(
        session,
        segment_id=UUID(action.subject),
        restaurant_id=action.restaurant_id,
        by_user_id=action.by_user_id,
        pinned_at=action.done_at,
    )


_UNDO = {"tag": _untag_again, "untag": _tag_again, "pin": _unpin_again}


async def _chosen(session: AsyncSession, *, asking: Asking, wanted: Wanted) -> list[UUID]:
    ids = await listing.list_ids(session, asking=asking, wanted=wanted)
    if not ids:
        raise NobodyChosenError
    return ids


async def _note(
    session: AsyncSession,
    *,
    by: Actor,
    kind: str,
    subject: str,
    ids: Sequence[UUID],
    changed: Sequence[UUID],
    now: datetime,
) -> Done:
    await session.execute(
        sa.delete(BulkAction).where(
            col(BulkAction.restaurant_id) == by.restaurant_id, col(BulkAction.done_at) < now - KEPT
        )
    )
    action = BulkAction(
        restaurant_id=by.restaurant_id,
        kind=kind,
        subject=subject,
        by_user_id=by.user_id,
        done_at=now,
        created_at=now,
        changed_count=len(changed),
        # What was put on is found by its moment; tags that were taken off are gone.
        changed_ids=b"" if kind != "untag" else b"".join(one.bytes for one in changed),
    )
    session.add(action)
    await session.flush()
    journal.record(
        session,
        restaurant_id=by.restaurant_id,
        by=by,
        action=f"customers_bulk_{kind}",
        subject_type="bulk_action",
        subject_id=action.id,
        now=now,
        data={"subject": subject, "count": len(changed)},
    )
    await session.flush()
    return Done(action.id, len(ids), len(changed))


def _unpacked(packed: bytes) -> list[UUID]:
    return [UUID(bytes=packed[start : start + 16]) for start in range(0, len(packed), 16)]
