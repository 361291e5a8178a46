"""Templates: texts Meta has approved, kept as Meta tells or as the operator enters them.

Staff send those of the category UTILITY: marketing needs an agreement of its own.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.whatsapp import WhatsAppTemplate
from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.base.upserts import insert
from services.whatsapp.errors import UnknownTemplateError
from services.whatsapp.updates import TemplateChange

APPROVED = "APPROVED"
STATUSES = (APPROVED, "PENDING", "REJECTED", "PAUSED", "DISABLED")
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
MOST_BODY, MOST_VALUE, MOST_PLACES = 1024, 300, 4
_PLACE = re.compile(r"\{\{(\d+)\}\}")
_NAME = re.compile(r"[a-z0-9_]{1,120}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class Template:
    """One template. `places` is how many values it wants."""

    id: UUID
    name: str
    language: str
    category: str
    status: str
    body: str
    is_fillable: bool
    updated_at: datetime

    @property
    def places(self) -> int:
        """How many values it wants."""
        return place_count(self.body)


def place_count(body: str) -> int:
    """How many values a text wants: its highest {{n}}."""
    return max((int(one) for one in _PLACE.findall(body)), default=0)


def filled_in(body: str, values: Sequence[str]) -> str:
    """What the guest reads."""
    return _PLACE.sub(lambda place: values[int(place[1]) - 1], body)


def checked_values(template: Template, values: Sequence[str]) -> list[str]:
    """The values as they are sent: one line each, none empty.

    Raises:
        InvalidInputError: one is empty, too long, or missing.
    """
    filled = [" ".join(one.split()) for one in values[: template.places]]
    for number in range(template.places):
        value = filled[number] if number < len(filled) else ""
        if not 0 < len(value) <= MOST_VALUE:
            msg = N_("Please fill in every gap, with at most {count} characters.")
            raise InvalidInputError(msg, field=f"value{number + 1}", count=MOST_VALUE)
    return filled


def request(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a request to the Graph API that names a template and fills it in."""
    values = [{"type": "text", "text": one} for one in chosen["values"]]
    return {
        "name": chosen["name"],
        "language": {"code": chosen["language"]},
        "components": [{"type": "body", "parameters": values}] if values else [],
    }


async def list_templates(session: AsyncSession) -> list[Template]:
    """All of the installation, by name."""
    rows = await session.scalars(
        sa.select(WhatsAppTemplate)
        .order_by(col(WhatsAppTemplate.name), col(WhatsAppTemplate.language))
        .execution_options(populate_existing=True)
    )
    return [_template(row) for row in rows]


async def offered(session: AsyncSession) -> list[Template]:
    """Those staff may send."""
    return [one for one in await list_templates(session) if _is_offered(one)]


async def find_named(
    session: AsyncSession, *, name: str, language: str, places: int
) -> Template | None:
    """An approved template for what the product says by itself, in a language or else in English.

    Args:
        session: open.
        name: as at Meta.
        language: of the reader, as "de".
        places: how many values it has to want; one with others was made for something else.
    """
    usable = {
        one.language: one
        for one in await offered(session)
        if one.name == name and one.places == places
    }
    same = (usable[one] for one in sorted(usable) if one.partition("_")[0] == language)
    return usable.get(language) or next(same, None) or usable.get("en")


async def get_offered(session: AsyncSession, *, template_id: UUID) -> Template:
    """One that staff may send.

    Raises:
        UnknownTemplateError: there is none, or it may not be sent.
    """
    row = await session.get(WhatsAppTemplate, template_id, populate_existing=True)
    if row is None or not _is_offered(_template(row)):
        raise UnknownTemplateError
    return _template(row)


async def enter(
    session: AsyncSession,
    *,
    name: str,
    language: str,
    category: str,
    status: str,
    body: str,
    now: datetime,
) -> None:
    """Keep a template as the operator writes it down; one of the same name and language changes.

    Raises:
        InvalidInputError: names the field that cannot be.
    """
    places = place_count(body)
    known = set(_PLACE.findall(body)) == {str(one) for one in range(1, places + 1)}
    checks = (
        ("name", _NAME.fullmatch(name), N_("Small letters, digits and _ only, as at Meta.")),
        ("language", _LANGUAGE.fullmatch(language), N_("As at Meta: en, de, pt_BR.")),
        ("category", category in CATEGORIES, N_("Please choose one.")),
        ("status", status in STATUSES, N_("Please choose one.")),
        (
            "body",
            0 < len(body.strip()) <= MOST_BODY and places <= MOST_PLACES and known,
            N_("1 to 1,024 characters, with up to four gaps: {{1}} to {{4}}."),
        ),
    )
    for field, is_good, message in checks:
        if not is_good:
            raise InvalidInputError(message, field=field)
    await _keep(session, name, language, category, status, body.strip(), now=now)


async def keep_pulled(
    session: AsyncSession, *, told: Sequence[Mapping[str, Any]], now: datetime
) -> int:
    """Keep what Meta tells of an account's templates; returns how many it told.

    Those it does not tell any more are no longer approved.
    """
    names: list[tuple[str, str]] = []
    for one in told:
        body, is_fillable = _body(one.get("components"))
        name, language = str(one.get("name", ""))[:120], str(one.get("language", ""))[:15]
        names.append((name, language))
        await _keep(
            session,
            name,
            language,
            str(one.get("category", ""))[:20],
            str(one.get("status", ""))[:20],
            body[:MOST_BODY],
            is_fillable=is_fillable,
            now=now,
        )
    kept = await session.scalars(sa.select(WhatsAppTemplate))
    for row in kept:
        if (row.name, row.language) not in names:
            row.template_status, row.updated_at = "DELETED", now
    await session.flush()
    return len(names)


async def set_status(session: AsyncSession, *, change: TemplateChange, now: datetime) -> None:
    """Meta approved, refused or paused one."""
    await session.execute(
        sa.update(WhatsAppTemplate)
        .where(
            col(WhatsAppTemplate.name) == change.name,
            col(WhatsAppTemplate.language) == change.language,
        )
        .values(template_status=change.status, updated_at=now)
    )


async def _keep(
    session: AsyncSession,
    name: str,
    language: str,
    category: str,
    status: str,
    body: str,
    *,
    now: datetime,
    is_fillable: bool = True,
) -> None:
    values = {
        "category": category,
        "template_status": status,
        "body": body,
        "is_fillable": is_fillable,
        "updated_at": now,
    }
    statement = insert(session, WhatsAppTemplate).values(
        id=new_id(), created_at=now, name=name, language=language, **values
    )
    await session.execute(
        statement.on_conflict_do_update(index_elements=["name", "language"], set_=values)
    )


def _body(components: object) -> tuple[str, bool]:
    """The text of a template, and whether nothing but numbered gaps of it is to be filled in."""
    told = cast("list[object]", components) if isinstance(components, list) else []
    parts = [cast("dict[str, Any]", part) for part in told if isinstance(part, dict)]
    body = next((str(part.get("text", "")) for part in parts if part.get("type") == "BODY"), "")
    is_plain = all(part.get("type") in {"BODY", "FOOTER"} for part in parts)
    return body, bool(body) and is_plain and "{{" not in _PLACE.sub("", body)


def _is_offered(one: Template) -> bool:
    return one.status == APPROVED and one.category == "UTILITY" and one.is_fillable


def _template(row: WhatsAppTemplate) -> Template:
    return Template(
        id=row.id,
        name=row.name,
        language=row.language,
        category=row.category,
        status=row.template_status,
        body=row.body,
        is_fillable=row.is_fillable,
        updated_at=row.updated_at,
    )
