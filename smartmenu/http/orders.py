"""Orders from outside: POST /menu/{slug}/orders is the same service call as the cart's submit."""

import random
import time
from typing import Annotated
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field, StrictInt, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from models.enums import OrderChannel
from services import live
from services.base import addresses, clock, metrics
from services.base.cookies import VISIT_COOKIE
from services.base.database import reading, transaction
from services.base.errors import (
    ForbiddenError,
    InvalidInputError,
    SmartMenuError,
    TooManyTriesError,
)
from services.base.limits import Bucket
from services.base.secrets import new_token
from services.base.texts import N_, SOURCE_LANGUAGE, sentence
from services.guests import visits
from services.identity.types import Arrival, Guest, Signals
from services.ordering import checkout, queries
from services.ordering.errors import CartChangedError
from services.ordering.types import OrderView, PlacedOrder, WantedLine
from services.restaurants.types import RestaurantInfo
from smartmenu.http.answers import headers_of, status_of
from smartmenu.http.body import read_body
from smartmenu.http.client import same_origin
from smartmenu.http.guests import get_restaurant, language_of, set_visit_cookie, signals

BODY_BYTES = 64 * 1024
# A guest's phone; a whole dining room shares one address, so addresses are not counted here.
_per_session = Bucket(capacity=20, refill_per_second=0.5)


class _Line(BaseModel):
    """One wanted dish. A price may be told, never set: it must be today's."""

    model_config = ConfigDict(extra="forbid")

    dish_id: UUID
    quantity: StrictInt = 1
    variant_id: UUID | None = None
    modifier_ids: Annotated[list[UUID], Field(max_length=50)] = []
    note: Annotated[str, Field(max_length=1000)] = ""
    unit_price_minor: StrictInt | None = None


class _OrderBody(BaseModel):
    """What is posted.

    `table` is a table's code, needed once when no visit of this browser is running.
    """

    model_config = ConfigDict(extra="forbid")

    lines: Annotated[list[_Line], Field(max_length=200)]
    note: Annotated[str, Field(max_length=1000)] = ""
    table: Annotated[str, Field(max_length=32)] = ""
    area: Annotated[str, Field(max_length=32)] = ""


async def place(request: Request) -> Response:
    """Place an order: 201 with the order, 200 when this key had placed it before."""
    language = SOURCE_LANGUAGE
    try:
        if not same_origin(request):
            raise ForbiddenError(N_("Orders are taken from the menu's own page."))
        shown = _signals(request)
        if not _per_session.take(shown.session_token, moment=time.monotonic()):
            raise TooManyTriesError(
                N_("That is a lot of orders. Please wait a moment."), retry_after_seconds=5
            )
        key = request.headers.get("idempotency-key", "")
        body = _parsed(await read_body(request, limit_bytes=BODY_BYTES))
        async with reading() as session:
            restaurant = await get_restaurant(session, request)
        language = language_of(request, restaurant)
        placed, order = await _place(restaurant, shown, key, body, language)
    except SmartMenuError as error:
        return _refusal(error, language)
    if placed.is_new:
        metrics.ORDERS.labels("json").inc()
    await live.publish(placed.change.topics, "order", placed.order_id)
    status_path = addresses.order_status(restaurant.slug, placed.order_id)
    response = JSONResponse(
        queries.as_json(order) | {"status_url": addresses.absolute(status_path)},
        status_code=201 if placed.is_new else 200,
        headers={"location": status_path, "cache-control": "no-store"},
    )
    if VISIT_COOKIE not in request.cookies:
        set_visit_cookie(response, shown.session_token)
    return response


async def _place(
    restaurant: RestaurantInfo, shown: Signals, key: str, body: _OrderBody, language: str
) -> tuple[PlacedOrder, OrderView]:
    now = clock.now()
    async with transaction() as session:
        guest = await _guest(session, restaurant, shown, body, language)
        placed = await checkout.place_order(
            session,
            restaurant=restaurant,
            guest=guest,
            submit_key=key,
            lines=[
                WantedLine(
                    dish_id=line.dish_id,
                    quantity=line.quantity,
                    variant_id=line.variant_id,
                    modifier_ids=tuple(line.modifier_ids),
                    note=line.note,
                )
                for line in body.lines
            ],
            note=body.note,
            channel=OrderChannel.API,
            now=now,
        )
        order = await queries.get_order(
            session, restaurant_id=restaurant.id, order_id=placed.order_id
        )
        if placed.is_new:
            _check_told_prices(order, body)
    return placed, order


async def _guest(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    shown: Signals,
    body: _OrderBody,
    language: str,
) -> Guest:
    now = clock.now()
    guest = await visits.find_guest(session, restaurant=restaurant, signals=shown, now=now)
    if guest is not None and not (body.table or body.area):
        return guest
    # Ordering is an act of a guest: their visit begins with it, at the table they name.
    begun = await visits.begin_visit(
        session,
        restaurant=restaurant,
        signals=shown,
        arrival=Arrival(table_code=body.table, area_code=body.area, language=language),
        now=now,
        rng=random.SystemRandom(),
    )
    return begun.guest


def _check_told_prices(order: OrderView, body: _OrderBody) -> None:
    """Refuse an order whose sender believed in other prices; the transaction takes it back."""
    for told, line in zip(body.lines, order.lines, strict=True):
        if told.unit_price_minor is not None and told.unit_price_minor != line.unit_price_minor:
            raise CartChangedError(())


def _signals(request: Request) -> Signals:
    shown = signals(request)
    if shown.session_token:
        return shown
    return Signals(session_token=new_token(24), client_id=shown.client_id)


def _parsed(body: bytes) -> _OrderBody:
    try:
        return _OrderBody.model_validate(orjson.loads(body))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidInputError(
            N_("Please check {where}: {what}."), field=where, where=where, what=first["msg"]
        ) from error
    except ValueError as error:
        raise InvalidInputError(N_("The order could not be read: it is not JSON.")) from error


def _refusal(error: SmartMenuError, language: str) -> Response:
    """The reason as JSON; nothing has been written."""
    content = {
        "error": type(error).__name__.removesuffix("Error"),
        "message": sentence(language, error),
    }
    if isinstance(error, InvalidInputError) and error.field:
        content["field"] = error.field
    return JSONResponse(content, status_code=status_of(error), headers=headers_of(error))


routes = [Route("/menu/{slug}/orders", place, methods=["POST"])]
