"""Guests as a file: the rows of the list with the list's own numbers, under the plan's names.

A file has the rows of the list: those, so many, in that order. Contact details are another matter.
They are there only for who may see them, and of each guest only what `services.privacy.purposes`
allows at the moment the row is written; where something is kept back, the row says why. Who was
forgotten meanwhile is not in the file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.profiles import CustomerProfile
from services.base.texts import translate
from services.base.threads import in_thread
from services.customers import listing
from services.customers.list_columns import ListColumn
from services.customers.list_facts import Listed, Reader, load_listed
from services.customers.list_values import cell_of
from services.customers.listing import Order, Wanted
from services.customers.spreadsheets import Cell, FileKind, table_writer
from services.privacy import purposes
from services.privacy.contact_data import contact_data
from services.privacy.purposes import Purpose, Standing
from services.segments.types import Asking

CHUNK = 500
IDENTITY_HEADS = ("anonymous_id", "alias")
CONTACT_HEADS = ("name", "phone_number", "email", "birthday", "contact_withheld")
SHEET = "Guests"


@dataclass(frozen=True, slots=True)
class Contacts:
    """Of how many guests a file would hold contact details, and of how many it keeps them back."""

    withheld_count: int
    shared_count: int


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    `gone_count` were forgotten while it was written; of `withheld_count` something is kept back.
    """

    count: int
    gone_count: int
    withheld_count: int


async def count_contacts(session: AsyncSession, *, asking: Asking, wanted: Wanted) -> Contacts:
    """Of how many of those wanted a file would hold contact details, and keep them back."""
    ids = await listing.list_ids(session, asking=asking, wanted=wanted)
    withheld = shared = 0
    may_share = purposes.who_may(Purpose.SHARE_CONTACT)
    for start in range(0, len(ids), CHUNK):
        row = (
            await session.execute(
                sa.select(
                    sa.func.coalesce(sa.func.sum(sa.case((may_share, 0), else_=1)), 0),
                    sa.func.coalesce(sa.func.sum(sa.case((may_share, 1), else_=0)), 0),
                ).where(
                    col(Customer.restaurant_id) == asking.restaurant.id,
                    col(Customer.id).in_(ids[start : start + CHUNK]),
                    _has_contact(),
                )
            )
        ).one()
        withheld, shared = withheld + int(row[0]), shared + int(row[1])
    return Contacts(withheld, shared)


async def write_file(
    session: AsyncSession,
    file: IO[bytes],
    *,
    kind: FileKind,
    asking: Asking,
    wanted: Wanted,
    order: Order,
    columns: Sequence[ListColumn],
    with_contacts: bool,
    language: str,
) -> Exported:
    """Write a file of guests.

    Args:
        session: for reading.
        file: open for writing; stays open.
        kind: of file.
        asking: for which restaurant, when.
        wanted: which guests.
        order: of the rows.
        columns: beside the id and the alias.
        with_contacts: names, numbers and addresses too; the caller has asked whether this person
            may see them.
        language: of words in it.
    """
    reader = Reader(asking.restaurant, asking.now, language)
    heads = [*IDENTITY_HEADS, *(one.plan_name for one in columns)]
    if with_contacts:
        heads += CONTACT_HEADS
    # All ids first: nobody is missed or written twice while others come in and sort themselves.
    ids = await listing.list_ids(session, asking=asking, wanted=wanted, order=order)
    writer = await in_thread(table_writer, kind, file, heads=heads, sheet=SHEET)
    written = withheld = 0
    for start in range(0, len(ids), CHUNK):
        rows = await _rows(
            session,
            ids[start : start + CHUNK],
            reader=reader,
            columns=columns,
            with_contacts=with_contacts,
        )
        await in_thread(writer.write, rows)
        written += len(rows)
        withheld += sum(1 for row in rows if with_contacts and row[-1])
    await in_thread(writer.close)
    return Exported(written, len(ids) - written, withheld)


async def _rows(
    session: AsyncSession,
    ids: Sequence[UUID],
    *,
    reader: Reader,
    columns: Sequence[ListColumn],
    with_contacts: bool,
) -> list[list[Cell]]:
    restaurant_id = reader.restaurant.id
    found = await session.execute(
        sa.select(CustomerProfile, Customer)
        .join(Customer, col(Customer.id) == col(CustomerProfile.customer_id))
        .where(
            col(CustomerProfile.restaurant_id) == restaurant_id,
            col(Customer.id).in_(ids),
            col(Customer.erased_at).is_(None),
            col(Customer.merged_into_id).is_(None),
        )
        .execution_options(populate_existing=True)
    )
    customers = {profile.customer_id: (profile, row) for profile, row in found}
    here = [one for one in ids if one in customers]
    listed = await load_listed(
        session,
        profiles=[customers[one][0] for one in here],
        columns=frozenset(one.key for one in columns),
        reader=reader,
    )
    standings = (
        await purposes.find_standings(session, restaurant_id=restaurant_id, customer_ids=here)
        if with_contacts
        else {}
    )
    rows: list[list[Cell]] = []
    for one in listed:
        customer = customers[one.profile.customer_id][1]
        row = _row(one, customer, columns, reader)
        if with_contacts:
            row += _contacts(customer, standings.get(customer.id), reader)
        rows.append(row)
    # A hundred thousand of them would fill the memory of the process.
    session.expunge_all()
    return rows


def _row(
    one: Listed, customer: Customer, columns: Sequence[ListColumn], reader: Reader
) -> list[Cell]:
    cells: list[Cell] = [str(customer.anonymous_id), one.profile.alias]
    return [*cells, *(cell_of(column, one, reader) for column in columns)]


def _contacts(customer: Customer, standing: Standing | None, reader: Reader) -> list[Cell]:
    """What may leave of somebody's contact details, and why the rest does not."""
    found = contact_data(customer, standing)
    given = found.given
    birthday = (
        f"{given.birthday_month:02d}-{given.birthday_day:02d}"
        if given.birthday_month and given.birthday_day
        else ""
    )
    withheld = translate(reader.language, found.withheld) if found.withheld else ""
    return [given.name, given.phone, given.email, birthday, withheld]


def _has_contact() -> sa.ColumnElement[bool]:
    return sa.or_(
        col(Customer.name_encrypted).is_not(None),
        col(Customer.email_encrypted).is_not(None),
        col(Customer.phone_number_encrypted).is_not(None),
        col(Customer.birthday_month).is_not(None),
    )


def file_name(slug: str, kind: FileKind, day: date | datetime) -> str:
    """ "brasa-olive-guests-2026-05-13.csv"."""
    return f"{slug}-guests-{day:%Y-%m-%d}.{kind}"
