"""A guest's data as a file: for the guest from their page, for the restaurant from the card."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.accounts.types import Permission
from services.base import addresses, clock, limits
from services.base.database import reading, transaction
from services.base.errors import NotFoundError, SmartMenuError, UnavailableError
from services.base.texts import SOURCE_LANGUAGE, languages
from services.privacy import access, certificate, export, export_paper, paper
from services.privacy.access import Access
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from smartmenu.http.access import get_actor, staff_only
from smartmenu.http.answers import refusal
from smartmenu.http.client import client_address
from smartmenu.http.guests import get_guest, get_restaurant, language_of
from smartmenu.http.pages import unavailable_page

MEDIA = {"json": "application/json", "pdf": "application/pdf"}
# A file is made of thousands of rows: often enough for a person, too seldom for a script.
FILES_AN_HOUR = 20


async def mine(request: Request) -> Response:
    """GET /menu/{slug}/privacy/data.json and .pdf: everything about the guest who asks.

    Whoever shows the cookie of a running visit gets what belongs to it, and nobody else's: the
    address names no guest.
    """
    kind, now = _kind(request), clock.now()
    try:
        async with transaction() as session:
            restaurant = await get_restaurant(session, request)
            await limits.count_try(
                session,
                key=f"guest_data:{restaurant.id}:{client_address(request.scope)}",
                limit=FILES_AN_HOUR,
                window=timedelta(hours=1),
                now=now,
            )
        async with reading() as session:
            guest = await get_guest(session, request, restaurant=restaurant)
            data = await export.of_guest(session, restaurant=restaurant, guest=guest, now=now)
    except UnavailableError:
        return unavailable_page(request)
    except NotFoundError:
        # Without a visit the page begins one when it is opened.
        return RedirectResponse(addresses.privacy(request.path_params["slug"]), 303, _private())
    except SmartMenuError as error:
        return refusal(error)
    return await _answer(data, kind, restaurant, language_of(request, restaurant))


async def of_customer(request: Request) -> Response:
    """GET /staff/customers/{id}/data.json and .pdf: one guest's data, to hand to them."""
    actor = await get_actor(request, Permission.EXPORT_CUSTOMERS)
    kind, now = _kind(request), clock.now()
    customer_id: UUID = request.path_params["customer_id"]
    async with transaction() as session:
        restaurant = await restaurants.get(session, actor.restaurant_id)
        data = await export.of_customer(
            session, restaurant=restaurant, customer_id=customer_id, now=now
        )
        # In the same transaction: no file leaves without its line.
        await access.record(
            session,
            by=actor,
            what=Access.EXPORT,
            screen="customer_data",
            customer_id=UUID(data["customer"]["customer_id"]),
            now=now,
        )
    return await _answer(data, kind, restaurant, _paper_language(request))


async def proof(request: Request) -> Response:
    """GET /staff/settings/privacy/erasures/{id}.json and .pdf: a certificate."""
    actor = await get_actor(request, Permission.ERASE_CUSTOMERS)
    kind, now = _kind(request), clock.now()
    async with reading() as session:
        restaurant = await restaurants.get(session, actor.restaurant_id)
        row = await certificate.get(
            session,
            restaurant_id=actor.restaurant_id,
            erasure_id=request.path_params["erasure_id"],
        )
    name = f"{restaurant.slug}-erasure-{row.id}.{kind}"
    if kind == "json":
        body = orjson.dumps(
            certificate.as_data(row, restaurant=restaurant), option=orjson.OPT_INDENT_2
        )
    else:
        language = _paper_language(request)
        page = certificate.paper_of(row, restaurant=restaurant, language=language)
        body = await paper.render(page, restaurant=restaurant, language=language, now=now)
    return Response(body, media_type=MEDIA[kind], headers=_private(name))


async def _answer(
    data: dict[str, Any], kind: str, restaurant: RestaurantInfo, language: str
) -> Response:
    if kind == "json":
        body = export.as_json(data)
    else:
        page = export_paper.paper_of(data, restaurant=restaurant, language=language)
        body = await paper.render(page, restaurant=restaurant, language=language, now=clock.now())
    return Response(
        body, media_type=MEDIA[kind], headers=_private(f"{restaurant.slug}-guest-data.{kind}")
    )


def _private(file_name: str = "") -> dict[str, str]:
    """Kept by nobody on the way; named without the guest."""
    shown = {"content-disposition": f'attachment; filename="{file_name}"'} if file_name else {}
    return {"cache-control": "private, no-store"} | shown


def _kind(request: Request) -> str:
    return request.url.path.rpartition(".")[2]


def _paper_language(request: Request) -> str:
    """The language of the guest whom the paper is for, as staff choose it; else English."""
    wanted = request.query_params.get("language", "")
    return wanted if wanted in languages() else SOURCE_LANGUAGE


routes = [
    route
    for kind in MEDIA
    for route in (
        Route(addresses.my_data("{slug}", kind), mine, methods=["GET"], name=f"my_data_{kind}"),
        Route(
            addresses.customer_data("{customer_id:uuid}", kind),
            staff_only(of_customer, back_to=addresses.STAFF_CUSTOMERS),
            methods=["GET"],
            name=f"customer_data_{kind}",
        ),
        Route(
            addresses.erasure("{erasure_id:uuid}", kind),
            staff_only(proof, back_to=addresses.STAFF_CUSTOMERS),
            methods=["GET"],
            name=f"erasure_{kind}",
        ),
    )
]
