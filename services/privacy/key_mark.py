"""The mark by which a database knows its key.

Under another key nothing fails loudly: names are empty, regulars are strangers, and every hour adds
rows under the wrong key. So the database keeps a keyed hash of a fixed sentence, and whoever starts
with a key that gives another hash is refused.
"""

import hashlib
import hmac
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.identity import IdentityLink
from models.installation import KeyMark
from services.base import upserts
from services.base.secrets import decrypt
from services.base.settings import Settings, find_secret_key, secret_key, settings
from services.base.texts import N_
from services.privacy.errors import KeyMissingError, OtherKeyError

NAME = "secret"
_SENTENCE = b"smartmenu: the key of this database"
# How many texts are tried where a database is older than marks.
_TRIED = 20


class Key(StrEnum):
    """What the key of this installation is to its database."""

    FITS = "fits"
    # Nothing has been hashed or encrypted yet, or no mark tells; the key that is there becomes its.
    FIRST = "first"
    MISSING = "missing"
    OTHER = "other"


async def judge(session: AsyncSession, *, wanted: Settings) -> Key:
    """Look whether the key fits, and make none.

    Raises:
        ValueError: the key is empty.
    """
    key = find_secret_key(wanted)
    known = await session.scalar(sa.select(col(KeyMark.mark)).where(col(KeyMark.name) == NAME))
    if known is not None:
        if key is None:
            return Key.MISSING
        return Key.FITS if hmac.compare_digest(known, _mark(key)) else Key.OTHER
    if key is None:
        return Key.MISSING if await _is_keyed(session) else Key.FIRST
    return Key.FIRST if await _opens_what_is_there(session) else Key.OTHER


async def hold(session: AsyncSession, *, now: datetime) -> None:
    """Refuse to go on with another key; at the first start make key and mark.

    Raises:
        KeyMissingError: the database was written with a key that is not here.
        OtherKeyError: the key that is here is not the one it was written with.
        ValueError: the key is empty.
    """
    found = await judge(session, wanted=settings())
    if found is Key.FIRST:
        values = {"name": NAME, "mark": _mark(secret_key()), "made_at": now}
        made = upserts.insert(session, KeyMark).values(values).on_conflict_do_nothing()
        await session.execute(made)
        # Of two that start at once on two machines, one wrote the mark.
        found = await judge(session, wanted=settings())
    if found is Key.MISSING:
        msg = N_(
            "The key of this database is missing. Put back secret.key, out of a backup, or set "
            "SMARTMENU_SECRET_KEY. If it is lost for good: smartmenu keys accept."
        )
        raise KeyMissingError(msg)
    if found is Key.OTHER:
        msg = N_(
            "The key is not the one this database was written with. Put back the old secret.key "
            "or SMARTMENU_SECRET_KEY. If it is lost for good: smartmenu keys accept."
        )
        raise OtherKeyError(msg)


async def accept(session: AsyncSession, *, now: datetime) -> None:
    """Go on with the key that is here, or a new one; what another one has written stays shut."""
    mark = _mark(secret_key())
    made = upserts.insert(session, KeyMark).values(name=NAME, mark=mark, made_at=now)
    await session.execute(
        made.on_conflict_do_update(index_elements=["name"], set_={"mark": mark, "made_at": now})
    )


def _mark(key: bytes) -> str:
    return hmac.new(key, _SENTENCE, hashlib.sha256).hexdigest()


async def _is_keyed(session: AsyncSession) -> bool:
    """Whether anything of any guest was hashed or encrypted."""
    for table in (IdentityLink, Customer):
        if await session.scalar(sa.select(sa.literal(1)).select_from(table).limit(1)):
            return True
    return False


async def _opens_what_is_there(session: AsyncSession) -> bool:
    """Of a database older than marks: whether any of some texts opens, or there is none."""
    columns = (Customer.phone_number_encrypted, Customer.name_encrypted, Customer.email_encrypted)
    rows = await session.execute(
        sa.select(col(Customer.restaurant_id), *(col(one) for one in columns))
        .where(sa.or_(*(col(one).is_not(None) for one in columns)))
        .limit(_TRIED)
    )
    found = [(row[0], text) for row in rows for text in row[1:] if text]
    return not found or any(decrypt(text, restaurant_id=owner) for owner, text in found)
