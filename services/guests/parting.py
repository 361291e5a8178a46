"""What a guest has taken back while two records were one stays taken back when they part again.

Taking a merge apart puts both records back as they were. A number that was removed since, a choice
that was withdrawn and a channel that was switched off must not come back with them.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import ConsentLevel
from models.identity import Consent, MergeEntry
from models.privacy import ContactChoice

# What a guest has given, in groups that only make sense together.
DETAILS = (
    ("name_encrypted", "name_hash"),
    ("email_encrypted", "email_hash"),
    ("phone_number_encrypted", "phone_hash", "phone_shared_with_restaurant"),
    ("birthday_month", "birthday_day"),
    ("address_encrypted",),
)
COLUMNS = frozenset(column for group in DETAILS for column in group)
CAREFUL_FIRST = (ConsentLevel.ESSENTIAL, ConsentLevel.REMEMBER, ConsentLevel.PERSONALISE)


def empty_details(customer: Customer, group: tuple[str, ...]) -> None:
    """Take one group of details out of a record."""
    for column in group:
        setattr(customer, column, False if column == "phone_shared_with_restaurant" else None)


def untouched_details(current: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """The columns of details that say what they said after the merge, saved again or not."""
    return {
        column
        for group in DETAILS
        if _told(group, current) == _told(group, after)
        for column in group
    }


async def honour_since(
    session: AsyncSession,
    *,
    entry: MergeEntry,
    kept: Customer,
    merged: Customer,
    current: dict[str, Any],
) -> None:
    """Let neither record say or allow what the guest has taken back since they were merged.

    Args:
        session: open transaction; the rows of both are where they belong again.
        entry: the merge that is taken back.
        kept: restored.
        merged: restored.
        current: of the kept one, as it was before anything was restored.
    """
    before, after = entry.moved["before"], entry.moved["after"]
    for group in DETAILS:
        shown = _told(group, after)
        # They saw this one and changed it; what the other record hid, they never saw.
        if _told(group, current) != shown and _told(group, before["merged"]) == shown:
            empty_details(merged, group)
    newest = await session.scalar(
        sa.select(Consent)
        .where(*_since(Consent, entry))
        .order_by(col(Consent.given_at).desc(), col(Consent.id).desc())
        .limit(1)
    )
    if newest is not None:
        for one, was in ((kept, before["kept"]), (merged, before["merged"])):
            levels = [ConsentLevel(newest.level)]
            if newest.customer_id != one.id:
                levels.append(ConsentLevel(was["consent_level"]))
            one.consent_level = min(levels, key=CAREFUL_FIRST.index)
    await _refuse_again(session, entry, merged=merged)


async def _refuse_again(session: AsyncSession, entry: MergeEntry, *, merged: Customer) -> None:
    choices = await session.scalars(
        sa.select(ContactChoice)
        .where(*_since(ContactChoice, entry))
        .order_by(col(ContactChoice.given_at), col(ContactChoice.id))
    )
    # The newest of each channel is the last to be written here.
    for choice in {one.channel: one for one in choices}.values():
        if not choice.is_allowed:
            session.add(
                ContactChoice(
                    restaurant_id=choice.restaurant_id,
                    customer_id=merged.id,
                    channel=choice.channel,
                    is_allowed=False,
                    text_version=choice.text_version,
                    source=choice.source,
                    given_at=choice.given_at,
                    created_at=choice.created_at,
                )
            )


def _since(
    table: type[Consent] | type[ContactChoice], entry: MergeEntry
) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(table.restaurant_id) == entry.restaurant_id,
        col(table.customer_id).in_([entry.kept_customer_id, entry.merged_customer_id]),
        col(table.given_at) > entry.merged_at,
    )


def _told(group: tuple[str, ...], snapshot: dict[str, Any]) -> list[Any]:
    """What a snapshot tells, comparable: the same text is encrypted to something else each time."""
    hashed = [column for column in group if column.endswith("_hash")]
    return [snapshot.get(column) for column in hashed or group]
