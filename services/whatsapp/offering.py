"""The way from a cart to WhatsApp: whether there is one, and its address."""

import unicodedata
from datetime import datetime
from random import Random
from urllib.parse import quote

from sqlalchemy.ext.asyncio import AsyncSession

from services.base import addresses
from services.base import whatsapp_texts as texts
from services.base.settings import settings
from services.base.texts import translate
from services.identity.types import Guest
from services.restaurants.types import RestaurantInfo
from services.whatsapp import tokens

_GAP = "\x1a"


def is_offered() -> bool:
    """Whether guests can order over WhatsApp here: the number and its secrets are set."""
    known = settings()
    return bool(known.whatsapp_number and known.whatsapp_app_secret)


def names_another(text: str, *, restaurant_name: str, language: str) -> bool:
    """Whether a text with a token says that it is an order for another restaurant.

    Guests change and shorten the text as they like: only our own line about a restaurant counts.

    Args:
        text: as it came.
        restaurant_name: whose token stands in it.
        language: of the text as it was made.
    """
    begins = _plain(translate(language, texts.ORDER_TEXT, restaurant=_GAP, place=""))
    begins = begins.partition(_GAP)[0].strip()
    lines = [_plain(line) for line in text.splitlines()]
    about = next((line for line in lines if line.startswith(begins)), None)
    return about is not None and _plain(restaurant_name) not in about


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


async def order_link(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    guest: Guest,
    submit_key: str,
    seat: str,
    language: str,
    now: datetime,
    rng: Random,
) -> str:
    """Make a token for the guest's cart and the address that opens WhatsApp with it.

    Nothing is ordered until the guest sends the text. It says where they sit and holds no dish.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: where the guest is.
        guest: whose cart it is.
        submit_key: of the cart.
        seat: as the page shows it, "Table 12"; may be empty.
        language: of the text.
        now: aware UTC.
        rng: makes the token; unguessable outside of tests.
    """
    token = await tokens.create(
        session, guest=guest, submit_key=submit_key, language=language, now=now, rng=rng
    )
    place = f" · {seat}" if seat else ""
    text = translate(language, texts.ORDER_TEXT, restaurant=restaurant.name, place=place)
    text = f"{text}\n{tokens.written(token)}"
    if settings().has_whatsapp_stand_in:
        return f"{addresses.WHATSAPP_PHONE}?text={quote(text, safe='')}"
    return tokens.wa_link(settings().whatsapp_number, text)
