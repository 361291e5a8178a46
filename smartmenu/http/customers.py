"""Guests as a file. Posted, not linked: whom a file is about never stands in an address."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from typing import IO, Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from services import journal
from services.accounts.errors import NotLoggedInError
from services.accounts.types import Permission
from services.base import addresses, clock
from services.base.database import reading, transaction
from services.base.errors import ForbiddenError, InvalidInputError, SmartMenuError
from services.base.texts import N_, SOURCE_LANGUAGE
from services.customers import exporting
from services.customers.asking import load_asking
from services.customers.list_columns import COLUMNS, Sort, chosen_columns
from services.customers.listing import Order, Wanted
from services.customers.spreadsheets import MEDIA_TYPES, FileKind
from services.privacy import access
from services.privacy.access import Access
from services.segments.criteria import parse
from smartmenu.http.access import get_actor
from smartmenu.http.answers import refusal
from smartmenu.http.body import read_form
from smartmenu.http.client import same_origin

MAX_CHOSEN = 500
# Ids of all that can be chosen, and a filter.
MAX_BODY = 64 * 1024
BLOCK = 64 * 1024
# A sheet of a hundred thousand guests takes seconds of a processor: one after the other.
_one_writer = asyncio.Semaphore(1)


async def export(request: Request) -> Response:
    """POST /staff/customers/export: chosen guests, or all that fit, as CSV or XLSX."""
    if not same_origin(request):
        return refusal(ForbiddenError(N_("This was sent by another site.")))
    try:
        actor = await get_actor(request, Permission.EXPORT_CUSTOMERS)
        form = await read_form(request, limit_bytes=MAX_BODY)
        kind = _kind(form.get("kind", ""))
        wanted, order = _wanted(form), _order(form)
        columns = (
            COLUMNS
            if form.get("what") == "all"
            else chosen_columns(form.get("columns", "").split(","))
        )
        with_contacts = "contacts" in form and actor.can(Permission.VIEW_CONTACTS)
        now = clock.now()
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it was sent
        async with _one_writer, reading() as session:
            asking = await load_asking(session, restaurant_id=actor.restaurant_id, now=now)
            written = await exporting.write_file(
                session,
                file,
                kind=kind,
                asking=asking,
                wanted=wanted,
                order=order,
                columns=columns,
                with_contacts=with_contacts,
                language=SOURCE_LANGUAGE,
            )
        async with transaction() as session:
            journal.record(
                session,
                restaurant_id=actor.restaurant_id,
                by=actor,
                action="customers_exported",
                subject_type="customer",
                subject_id=None,
                now=now,
                data={
                    "count": written.count,
                    "gone": written.gone_count,
                    "withheld": written.withheld_count,
                    "kind": kind.value,
                    "contacts": with_contacts,
                },
            )
            await access.record(
                session,
                by=actor,
                what=Access.LIST_EXPORT,
                screen="customers",
                customer_id=None,
                guest_count=written.count,
                now=now,
            )
    except NotLoggedInError:
        query = urlencode({"next": addresses.STAFF_CUSTOMERS})
        return RedirectResponse(f"{addresses.LOGIN}?{query}", 303)
    except SmartMenuError as error:
        return refusal(error)
    size = file.tell() if kind is FileKind.CSV else file.seek(0, 2)
    name = exporting.file_name(asking.restaurant.slug, kind, asking.today)
    return StreamingResponse(
        _blocks(file),
        media_type=MEDIA_TYPES[kind],
        headers={
            "content-disposition": f'attachment; filename="{name}"',
            "content-length": str(size),
            "cache-control": "private, no-store",
            "x-guests": str(written.count),
            "x-contacts-withheld": str(written.withheld_count),
        },
    )


async def _blocks(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        file.seek(0)
        while block := await asyncio.to_thread(file.read, BLOCK):
            yield block


def _kind(text: str) -> FileKind:
    if text not in set(FileKind):
        raise _cannot_be("kind")
    return FileKind(text)


def _order(form: dict[str, str]) -> Order:
    sort = form.get("sort", Sort.LAST_SEEN)
    if sort not in set(Sort):
        raise _cannot_be("sort")
    return Order(Sort(sort), form.get("order") != "up")


def _wanted(form: dict[str, str]) -> Wanted:
    chosen = [one for one in form.get("chosen", "").split(",") if one]
    if chosen:
        return Wanted(chosen=_ids(chosen))
    criteria = _json(form.get("filter", ""))
    return Wanted(
        criteria=parse(criteria) if criteria else None, search=form.get("search", "")[:100]
    )


def _ids(texts: list[str]) -> tuple[UUID, ...]:
    if len(texts) > MAX_CHOSEN:
        raise _cannot_be("chosen")
    try:
        return tuple(UUID(text) for text in texts)
    except ValueError as error:
        raise _cannot_be("chosen") from error


def _json(text: str) -> Any:  # noqa: ANN401 - whatever was sent
    if not text:
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _cannot_be("filter") from error


def _cannot_be(field: str) -> InvalidInputError:
    msg = N_("That cannot be.")
    return InvalidInputError(msg, field=field)


routes = [Route(addresses.customers_export(), export, methods=["POST"])]
