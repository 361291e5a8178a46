"""Guests as a file: the rows of the list with the list's own numbers, under the plan's names.

Consent is asked again for every row while the file is written: who did not agree to be remembered,
or was forgotten a moment ago, is not in it. Contact details are there only for who may see them,
and a phone number only where the guest shares it with the restaurant.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import ConsentLevel
from models.profiles import CustomerProfile
from services.customers import listing
from services.customers.list_columns import ListColumn
from services.customers.list_facts import Listed, Reader, load_listed
from services.customers.list_values import cell_of
from services.customers.listing import Order, Wanted
from services.customers.spreadsheets import Cell, FileKind, table_writer
from services.identity.details import read_details
from services.segments.types import Asking

CHUNK = 500
IDENTITY_HEADS = ("anonymous_id", "alias")
CONTACT_HEADS = ("name", "phone_number", "email", "birthday")
SHEET = "Guests"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a file would leave out, and whose contact details it would hold."""

    without_consent_count: int
    with_contact_count: int


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and how many of those wanted are not in it."""

    count: int
    left_out_count: int


async def count_left_out(session: AsyncSession, *, asking: Asking, wanted: Wanted) -> LeftOut:
    """How many of those wanted a file leaves out, and how many have contact details to show."""
    ids = await listing.list_ids(session, asking=asking, wanted=wanted)
    all_of_them = len(ids)
    agreed = contacts = 0
    for start in range(0, len(ids), CHUNK):
        row = (
            await session.execute(
                sa.select(
                    sa.func.count(),
                    sa.func.coalesce(sa.func.sum(sa.case((_has_contact(), 1), else_=0)), 0),
                )
                .select_from(Customer)
                .where(*_exportable(asking.restaurant.id, ids[start : start + CHUNK]))
            )
        ).one()
        agreed, contacts = agreed + row[0], contacts + int(row[1])
    return LeftOut(all_of_them - agreed, contacts)


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
    writer = await asyncio.to_thread(table_writer, kind, file, heads=heads, sheet=SHEET)
    written = 0
    for start in range(0, len(ids), CHUNK):
        rows = await _rows(
            session,
            ids[start : start + CHUNK],
            reader=reader,
            columns=columns,
            with_contacts=with_contacts,
        )
        await asyncio.to_thread(writer.write, rows)
        written += len(rows)
    await asyncio.to_thread(writer.close)
    return Exported(written, len(ids) - written)


async def _rows(
    session: AsyncSession,
    ids: Sequence[UUID],
    *,
    reader: Reader,
    columns: Sequence[ListColumn],
    with_contacts: bool,
) -> list[list[Cell]]:
    found = await session.execute(
        sa.select(CustomerProfile, Customer)
        .join(Customer, col(Customer.id) == col(CustomerProfile.customer_id))
        .where(
            col(CustomerProfile.restaurant_id) == reader.restaurant.id,
            *_exportable(reader.restaurant.id, ids),
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
    rows = [
        _row(one, customers[one.profile.customer_id][1], columns, reader, with_contacts)
        for one in listed
    ]
    # A hundred thousand of them would fill the memory of the process.
    session.expunge_all()
    return rows


def _row(
    one: Listed,
    customer: Customer,
    columns: Sequence[ListColumn],
    reader: Reader,
    with_contacts: bool,
) -> list[Cell]:
    cells: list[Cell] = [str(customer.anonymous_id), one.profile.alias]
    cells += [cell_of(column, one, reader) for column in columns]
    return [*cells, *_contacts(customer)] if with_contacts else cells


def _contacts(customer: Customer) -> list[Cell]:
    given = read_details(customer)
    phone = given.phone if customer.phone_shared_with_restaurant else ""
    birthday = (
        f"{given.birthday_month:02d}-{given.birthday_day:02d}"
        if given.birthday_month and given.birthday_day
        else ""
    )
    return [given.name, phone, given.email, birthday]


def _exportable(restaurant_id: UUID, ids: Sequence[UUID]) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(Customer.restaurant_id) == restaurant_id,
        col(Customer.id).in_(ids),
        col(Customer.consent_level) != ConsentLevel.ESSENTIAL,
        col(Customer.erased_at).is_(None),
        col(Customer.merged_into_id).is_(None),
    )


def _has_contact() -> sa.ColumnElement[bool]:
    return sa.or_(
        col(Customer.name_encrypted).is_not(None),
        col(Customer.email_encrypted).is_not(None),
        sa.and_(
            col(Customer.phone_number_encrypted).is_not(None),
            col(Customer.phone_shared_with_restaurant),
        ),
    )


def file_name(slug: str, kind: FileKind, day: date | datetime) -> str:
    """ "brasa-olive-guests-2026-05-13.csv"."""
    return f"{slug}-guests-{day:%Y-%m-%d}.{kind}"
