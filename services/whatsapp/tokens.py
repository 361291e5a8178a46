"""Order tokens: short, without look-alikes, found in whatever a guest made of the text around."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from urllib.parse import quote
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.whatsapp import OrderToken
from services.base.secrets import installation_hash
from services.identity.types import Guest

# Without 0 O, 1 I L, 2 Z, 5 S, 8 B: 24 letters and digits, 10 of them make 6e13 tokens.
ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
LENGTH = 10
# S is not in the alphabet: it can only begin a token.
PREFIX = "SM"
LIFETIME = timedelta(hours=2)
MOST_IN_TEXT = 5
_LETTER = f"[{ALPHABET}]"
_tokens = OrderToken.metadata.tables[OrderToken.__tablename__]
_USE_UP = (
    sa.update(_tokens)
    .where(_tokens.c.restaurant_id == sa.bindparam("whose"), _tokens.c.id == sa.bindparam("which"))
    .values(
        used_at=sa.bindparam("now"),
        sender_id=sa.bindparam("sender"),
        order_id=sa.bindparam("about"),
    )
)
_TOKEN = re.compile(rf"SM[\W_]*((?:{_LETTER}[\W_]*){{{LENGTH - 1}}}{_LETTER})")


@dataclass(frozen=True, slots=True)
class FoundToken:
    """What a token leads to. `is_usable` is False when it was used or is too old."""

    id: UUID
    restaurant_id: UUID
    visit_id: UUID
    submit_key: str
    language: str
    order_id: UUID | None
    sender_id: UUID | None
    is_usable: bool


def in_text(text: str) -> list[str]:
    """The tokens of a message, first ones first, whatever stands around and between.

    Capitals, blanks, dashes, line breaks and full-width letters do not matter.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    found = [re.sub(r"[\W_]", "", match[1]) for match in _TOKEN.finditer(plain)]
    return list(dict.fromkeys(found))[:MOST_IN_TEXT]


def written(token: str) -> str:
    """A token as a guest sees it: SM-ABCDE-FGHJK."""
    return f"{PREFIX}-{token[:5]}-{token[5:]}"


def wa_link(number: str, text: str) -> str:
    """The address that opens WhatsApp with a text to send (https://faq.whatsapp.com/5913398998672934).

    Args:
        number: the platform's, digits only are used.
        text: short; percent-encoded, blanks as %20.
    """
    return f"https://wa.me/{re.sub(r'[^0-9]', '', number)}?text={quote(text, safe='')}"


async def create(
    session: AsyncSession,
    *,
    guest: Guest,
    submit_key: str,
    language: str,
    now: datetime,
    rng: Random,
) -> str:
    """Make a token for the guest's cart; only its hash is stored.

    Returns:
        The ten letters and digits.
    """
    token = "".join(rng.choices(ALPHABET, k=LENGTH))
    session.add(
        OrderToken(
            restaurant_id=guest.restaurant_id,
            token_hash=_hash(token),
            visit_id=guest.visit_id,
            submit_key=submit_key,
            language=language,
            expires_at=now + LIFETIME,
            created_at=now,
        )
    )
    await session.flush()
    return token


async def find(session: AsyncSession, *, token: str, now: datetime) -> FoundToken | None:
    """What a token leads to, held until the transaction ends; None when nobody made it."""
    row = await session.scalar(
        sa.select(OrderToken)
        .where(col(OrderToken.token_hash) == _hash(token))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        return None
    return FoundToken(
        id=row.id,
        restaurant_id=row.restaurant_id,
        visit_id=row.visit_id,
        submit_key=row.submit_key,
        language=row.language,
        order_id=row.order_id,
        sender_id=row.sender_id,
        is_usable=row.used_at is None and row.expires_at > now,
    )


async def use_up(
    session: AsyncSession, *, found: FoundToken, sender_id: UUID, order_id: UUID, now: datetime
) -> None:
    """Note which order a token became, and who sent it."""
    await session.execute(
        _USE_UP,
        {
            "whose": found.restaurant_id,
            "which": found.id,
            "now": now,
            "sender": sender_id,
            "about": order_id,
        },
    )


async def purge(session: AsyncSession, *, now: datetime) -> None:
    """Forget tokens that nobody used and nobody can use any more."""
    await session.execute(
        sa.delete(OrderToken).where(
            col(OrderToken.used_at).is_(None), col(OrderToken.expires_at) < now - LIFETIME
        )
    )


def _hash(token: str) -> str:
    return installation_hash(token, purpose="order-token")
