"""What staff write down about a guest: every note with its author and its earlier wordings."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import User
from models.profiles import CustomerNote
from services import journal
from services.accounts.types import Actor, Permission
from services.base import fields
from services.base.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from services.base.texts import N_
from services.customers.guest import get_customer

MAX_LENGTH = 2000
MOST_NOTES = 200
# How long a deleted note can be brought back.
KEPT_AFTER = timedelta(hours=1)


class NoteChangedError(ConflictError):
    """Somebody else has changed this note since it was opened."""

    def __init__(self, *, who: str, text: str, version: int) -> None:
        """Say who, and keep what stands there now and under which version."""
        super().__init__(
            N_("{who} changed this note a moment ago. Save again to keep your words instead."),
            who=who,
        )
        self.text = text
        self.version = version


@dataclass(frozen=True, slots=True)
class Wording:
    """What a note said before, who had written that, and since when it stood there."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """One note. `version` grows with every change; `by` wrote the present words."""

    id: UUID
    text: str
    by: str
    created_at: datetime
    edited_at: datetime | None
    version: int
    is_private: bool
    may_change: bool
    earlier: tuple[Wording, ...]


def visible_notes(by: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    """The condition on notes that somebody may read: not the deleted, nor what managers keep."""
    kept = col(CustomerNote.deleted_at).is_(None)
    if by.can(Permission.EDIT_CUSTOMERS):
        return (kept,)
    return (kept, sa.not_(col(CustomerNote.only_managers)))


async def read_notes(session: AsyncSession, *, by: Actor, customer_id: UUID) -> tuple[Note, ...]:
    """The notes about a guest that this person may read, newest first.

    Raises:
        NotFoundError: the restaurant has no such guest.
    """
    customer = await get_customer(session, restaurant_id=by.restaurant_id, customer_id=customer_id)
    rows = list(
        await session.scalars(
            sa.select(CustomerNote)
            .where(
                col(CustomerNote.restaurant_id) == by.restaurant_id,
                col(CustomerNote.customer_id) == customer.id,
                *visible_notes(by),
            )
            .order_by(col(CustomerNote.created_at).desc(), col(CustomerNote.id).desc())
            .limit(MOST_NOTES)
        )
    )
    names = await _names(session, rows)
    return tuple(
        Note(
            id=row.id,
            text=row.text,
            by=names.get(str(row.author_user_id), ""),
            created_at=row.created_at,
            edited_at=row.edited_at,
            version=len(row.history),
            is_private=row.only_managers,
            may_change=_may_change(row, by),
            earlier=tuple(
                Wording(was["text"], names.get(str(was["by"]), ""), _moment(was["at"]))
                for was in reversed(row.history)
            ),
        )
        for row in rows
    )


async def add_note(
    session: AsyncSession,
    *,
    by: Actor,
    customer_id: UUID,
    text: str,
    only_managers: bool,
    now: datetime,
) -> UUID:
    """Write a note. The journal says who did and when, never what it says.

    Args:
        session: open transaction; flushed, not committed.
        by: the author.
        customer_id: whom it is about.
        text: up to 2,000 characters.
        only_managers: not for who serves; only managers can write such notes.
        now: aware UTC.

    Raises:
        NotFoundError: the restaurant has no such guest.
        InvalidInputError: it is empty or too long.
        ForbiddenError: it is for managers, and the author is none.
    """
    words = _checked(text)
    if only_managers and not by.can(Permission.EDIT_CUSTOMERS):
        raise _forbidden()
    customer = await get_customer(session, restaurant_id=by.restaurant_id, customer_id=customer_id)
    row = CustomerNote(
        restaurant_id=by.restaurant_id,
        customer_id=customer.id,
        text=words,
        author_user_id=by.user_id,
        only_managers=only_managers,
        created_at=now,
    )
    session.add(row)
    _record(session, by, "customer_note_added", customer.id, now)
    await session.flush()
    return row.id


async def edit_note(
    session: AsyncSession,
    *,
    by: Actor,
    customer_id: UUID,
    note_id: UUID,
    text: str,
    version: int,
    now: datetime,
) -> None:
    """Change the words of a note; the earlier ones are kept with it.

    Args:
        session: open transaction; flushed, not committed.
        by: an author changes their own notes, managers any.
        customer_id: whom it is about.
        note_id: the note.
        text: the new words. The same as before change nothing.
        version: of the note that was opened.
        now: aware UTC.

    Raises:
        NoteChangedError: it has been changed since; it names who, and holds the new words.
        NotFoundError: there is no such note, or it was deleted.
        ForbiddenError: it is somebody else's.
        InvalidInputError: the words are empty or too long.
    """
    words = _checked(text)
    row = await _locked(session, by=by, customer_id=customer_id, note_id=note_id)
    if row.deleted_at is not None:
        raise _unknown()
    if not _may_change(row, by):
        raise _forbidden()
    if row.text == words:
        return
    if len(row.history) != version:
        names = await _names(session, [row])
        raise NoteChangedError(
            who=names.get(str(row.author_user_id), ""), text=row.text, version=len(row.history)
        )
    was = {
        "text": row.text,
        "at": (row.edited_at or row.created_at).isoformat(),
        "by": str(row.author_user_id) if row.author_user_id else None,
    }
    row.history = [*row.history, was]
    row.text, row.edited_at, row.author_user_id = words, now, by.user_id
    _record(session, by, "customer_note_edited", row.customer_id, now)
    await session.flush()


async def delete_note(
    session: AsyncSession, *, by: Actor, customer_id: UUID, note_id: UUID, now: datetime
) -> None:
    """Take a note away; for an hour it can be brought back, then its words are gone for good.

    Raises:
        NotFoundError: there is no such note.
        ForbiddenError: it is somebody else's.
    """
    row = await _locked(session, by=by, customer_id=customer_id, note_id=note_id)
    if not _may_change(row, by):
        raise _forbidden()
    if row.deleted_at is None:
        row.deleted_at = now
        _record(session, by, "customer_note_deleted", row.customer_id, now)
        await session.flush()


async def restore_note(
    session: AsyncSession, *, by: Actor, customer_id: UUID, note_id: UUID, now: datetime
) -> None:
    """Bring a deleted note back, as it was.

    Raises:
        NotFoundError: it is gone for good.
        ForbiddenError: it is somebody else's.
    """
    row = await _locked(session, by=by, customer_id=customer_id, note_id=note_id)
    if not _may_change(row, by):
        raise _forbidden()
    if row.deleted_at is not None:
        row.deleted_at = None
        _record(session, by, "customer_note_restored", row.customer_id, now)
        await session.flush()


async def purge_deleted_notes(session: AsyncSession, *, now: datetime) -> int:
    """Delete for good what nobody has brought back in time: a job; returns how many."""
    gone = await session.execute(
        sa.delete(CustomerNote)
        .where(col(CustomerNote.deleted_at) <= now - KEPT_AFTER)
        .returning(col(CustomerNote.id))
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


async def _locked(
    session: AsyncSession, *, by: Actor, customer_id: UUID, note_id: UUID
) -> CustomerNote:
    """A note of this guest, which nobody else changes meanwhile; private ones are not there."""
    customer = await get_customer(session, restaurant_id=by.restaurant_id, customer_id=customer_id)
    row = await session.scalar(
        sa.select(CustomerNote)
        .where(
            col(CustomerNote.restaurant_id) == by.restaurant_id,
            col(CustomerNote.customer_id) == customer.id,
            col(CustomerNote.id) == note_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None or (row.only_managers and not by.can(Permission.EDIT_CUSTOMERS)):
        raise _unknown()
    return row


async def _names(session: AsyncSession, rows: list[CustomerNote]) -> dict[str, str]:
    """Names of all who wrote something in these notes, by their ids as text."""
    ids = {row.author_user_id for row in rows if row.author_user_id is not None}
    ids |= {UUID(was["by"]) for row in rows for was in row.history if was["by"]}
    if not ids:
        return {}
    found = await session.execute(
        sa.select(col(User.id), col(User.name)).where(col(User.id).in_(ids))
    )
    return {str(user_id): name for user_id, name in found}


def _may_change(row: CustomerNote, by: Actor) -> bool:
    return row.author_user_id == by.user_id or by.can(Permission.EDIT_CUSTOMERS)


def _checked(text: str) -> str:
    words = fields.text(text, field="text")
    if not words:
        msg = N_("Please write something.")
        raise InvalidInputError(msg, field="text")
    if len(words) > MAX_LENGTH:
        msg = N_("This note is too long. {count} characters fit.")
        raise InvalidInputError(msg, field="text", count=MAX_LENGTH)
    return words


def _record(
    session: AsyncSession, by: Actor, action: str, customer_id: UUID, now: datetime
) -> None:
    journal.record(
        session,
        restaurant_id=by.restaurant_id,
        by=by,
        action=action,
        subject_type="customer",
        subject_id=customer_id,
        now=now,
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _unknown() -> NotFoundError:
    return NotFoundError(N_("This note is not there any more."))


def _forbidden() -> ForbiddenError:
    return ForbiddenError(N_("Your role does not allow this."))
