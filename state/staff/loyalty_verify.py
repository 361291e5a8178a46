"""A guest shows a code: what to give, to whom, or why not."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError
from services.base.loyalty_texts import VERIFY
from services.base.texts import page_texts, plural, sentence
from services.loyalty import redeeming, verifying
from services.restaurants import queries as restaurants
from state.staff.access import LANGUAGE, staff

MOST_SIGNS = 200


@dataclass(frozen=True, slots=True)
class GivenView:
    """What is given now."""

    name: str = ""
    alias: str = ""
    points: str = ""


class VerifyState(rx.State):
    """One code after the other."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    is_ready: bool = False
    # What the address brought; the field begins with it.
    code: str = ""
    # Another one empties the field.
    number: int = 0
    given: GivenView = GivenView()
    problem: str = ""

    @rx.event
    @staff(Permission.SERVE_CUSTOMERS)
    async def enter(self, actor: Actor):
        """An empty field, or the code that a camera has read (`?code=`)."""
        del actor
        self.texts = page_texts(LANGUAGE, VERIFY)
        wanted = self.router.url.query_parameters.get("code", "")
        self.code = redeeming.normal_code(str(wanted)[:MOST_SIGNS])
        self.given, self.problem = GivenView(), ""
        self.is_ready = True

    @rx.event
    @staff(Permission.SERVE_CUSTOMERS)
    async def verify(self, actor: Actor, form: dict[str, Any]):
        """Use a code up; what was wrong with it stays beside the field."""
        text = str(form.get("code", ""))[:MOST_SIGNS]
        self.given, self.problem = GivenView(), ""
        now = clock.now()
        try:
            # Counted whatever becomes of it.
            async with transaction() as session:
                await verifying.count_try(session, by=actor, now=now)
            async with reading() as session:
                restaurant = await restaurants.get(session, actor.restaurant_id)
            async with transaction() as session:
                done = await redeeming.verify(
                    session, restaurant=restaurant, by=actor, code=text, now=now
                )
        except SmartMenuError as error:
            self.problem, self.code = sentence(LANGUAGE, error), text
            return
        self.given = GivenView(
            name=done.name,
            alias=done.alias,
            points=plural(LANGUAGE, "{count} point", "{count} points", done.points_used),
        )
        self.code = ""
        self.number += 1
