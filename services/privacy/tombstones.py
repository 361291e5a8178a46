"""Tombstones: keyed hashes of those who were erased, so that nothing brings them back.

A backup from before an erasure holds the guest still. `smartmenu restore` therefore carries the
tombstones over: from the database that is replaced, and from a file beside it that every backup
leaves alone. Then it erases again whoever has one.
"""

from datetime import datetime
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.customers import Customer
from models.privacy import Tombstone
from services.base.secrets import keyed_hash
from services.base.upserts import insert

FILE = "tombstones.txt"
CHUNK = 500
_PURPOSE = "privacy:tombstone"


def subject_hash(customer_id: UUID, *, restaurant_id: UUID) -> str:
    """What is kept of an erased customer's id."""
    return keyed_hash(str(customer_id), restaurant_id=restaurant_id, purpose=_PURPOSE)


async def raise_one(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, now: datetime
) -> None:
    """Remember that this customer was erased; a second time changes nothing."""
    await _put(session, restaurant_id, subject_hash(customer_id, restaurant_id=restaurant_id), now)


async def read_lines(session: AsyncSession) -> list[str]:
    """Every tombstone of every restaurant as a line: restaurant, hash, time."""
    rows = await session.execute(
        sa.select(
            col(Tombstone.restaurant_id), col(Tombstone.subject_hash), col(Tombstone.erased_at)
        ).order_by(col(Tombstone.restaurant_id), col(Tombstone.subject_hash))
    )
    return [f"{owner} {hashed} {erased_at.isoformat()}" for owner, hashed, erased_at in rows]


async def put_lines(session: AsyncSession, *, lines: list[str], owners: set[UUID]) -> int:
    """Put lines of `read_lines` back, as far as their restaurants exist; returns how many."""
    put = 0
    for line in lines:
        parsed = _parsed(line)
        if parsed is not None and parsed[0] in owners:
            await _put(session, *parsed)
            put += 1
    return put


async def find_returned(
    session: AsyncSession, *, restaurant_id: UUID, after: UUID | None
) -> tuple[list[UUID], UUID | None]:
    """Customers who have a tombstone and are there all the same, among the next 500.

    Returns:
        Their ids, and where to go on; None when all were looked at.
    """
    ids = list(
        await session.scalars(
            sa.select(col(Customer.id))
            .where(
                col(Customer.restaurant_id) == restaurant_id,
                col(Customer.erased_at).is_(None),
                *([col(Customer.id) > after] if after is not None else []),
            )
            .order_by(col(Customer.id))
            .limit(CHUNK)
        )
    )
    by_hash = {subject_hash(one, restaurant_id=restaurant_id): one for one in ids}
    buried = await session.scalars(
        sa.select(col(Tombstone.subject_hash)).where(
            col(Tombstone.restaurant_id) == restaurant_id,
            col(Tombstone.subject_hash).in_(list(by_hash)),
        )
    )
    return [by_hash[one] for one in buried], ids[-1] if len(ids) == CHUNK else None


def keep_aside(lines: list[str], *, data_folder: Path) -> None:
    """Add lines to the file beside the database: what it has is never taken out."""
    file = data_folder / FILE
    known = set(read_aside(data_folder))
    if known.issuperset(lines):
        return
    data_folder.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".part")
    half.touch(mode=0o600)
    half.write_text("\n".join(sorted(known.union(lines))) + "\n", encoding="ascii")
    half.replace(file)


def read_aside(data_folder: Path) -> list[str]:
    """The lines of the file beside the database."""
    file = data_folder / FILE
    return file.read_text(encoding="ascii").splitlines() if file.is_file() else []


async def _put(session: AsyncSession, owner: UUID, hashed: str, erased_at: datetime) -> None:
    await session.execute(
        insert(session, Tombstone)
        .values(
            id=new_id(),
            created_at=erased_at,
            restaurant_id=owner,
            subject_hash=hashed,
            erased_at=erased_at,
        )
        .on_conflict_do_nothing(index_elements=["restaurant_id", "subject_hash"])
    )


def _parsed(line: str) -> tuple[UUID, str, datetime] | None:
    parts = line.split(" ")
    try:
        owner, hashed, erased_at = UUID(parts[0]), parts[1], datetime.fromisoformat(parts[2])
    except (ValueError, IndexError):
        return None
    return (owner, hashed, erased_at) if len(hashed) == 64 and erased_at.tzinfo else None
