"""The builder of filters: used by the guest list and by segments, one at a time in a tab.

What is built stays on the server. It may lack values while it is built; whether it can be run says
`services.segments.criteria`, after every step.
"""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import orjson
import reflex as rx
from pydantic import Field

from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading
from services.base.errors import InvalidInputError
from services.base.list_texts import BUILDER
from services.base.texts import N_, page_texts, plural, sentence, translate
from services.customers import listing
from services.customers.asking import load_asking
from services.customers.criteria_names import say
from services.customers.filter_options import load_options
from services.customers.listing import Wanted
from services.restaurants import queries as restaurants
from services.segments import drafts
from services.segments.criteria import parse
from services.segments.drafts import Group
from services.segments.fields import FIELDS
from services.segments.types import Is
from state.doors import anyone
from state.staff.access import LANGUAGE, staff
from state.staff.criteria_rows import (
    BuilderLine,
    builder_lines,
    first_values,
    with_box,
    with_comparison,
    with_pick,
)
from state.staff.forms import Choice
from state.staff.list_looks import note_search

Place = Annotated[str, Field(max_length=60, pattern=r"^[0-9.]*$")]
Word = Annotated[str, Field(max_length=120)]
_CLOSED = {"open": "", "sentence": "", "count": "", "problem": "", "for": ""}


class CriteriaState(rx.State):
    """What the builder shows. `built` says how it goes: sentence, count, problem."""

    builder: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    lines: rx.Field[list[BuilderLine]] = rx.field(default_factory=list)
    options: rx.Field[dict[str, list[Choice]]] = rx.field(default_factory=dict)
    groups: rx.Field[dict[str, list[Choice]]] = rx.field(default_factory=dict)
    built: rx.Field[dict[str, str]] = rx.field(default_factory=lambda: dict(_CLOSED))
    # As JSON text: what is kept in a State must be plain, and a tree is not.
    _draft: str = ""
    _join: str = "all"
    _currency: str = "EUR"

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def set_field(self, actor: Actor, place: Place, key: Word):
        """Filter by something else in this line."""
        draft = self._group()
        drafts.change(draft, place=place, values=first_values(key))
        async for _ in self._changed(actor, draft):
            yield

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def set_comparison(self, actor: Actor, place: Place, comparison: Is):
        """Compare in another way."""
        draft = self._group()
        values = drafts.condition(draft, place).values
        if comparison not in FIELDS[values["field"]].comparisons:
            msg = N_("That cannot be.")
            raise InvalidInputError(msg, field="is")
        drafts.change(draft, place=place, values=with_comparison(values, comparison))
        async for _ in self._changed(actor, draft):
            yield

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def set_box(self, actor: Actor, place: Place, name: Word, text: Word):
        """Keep what was typed or chosen in one control."""
        if not self.built["open"]:
            # The last letters of a field that was closed meanwhile.
            return
        draft = self._group()
        try:
            values = with_box(
                drafts.condition(draft, place).values, name, text, currency=self._currency
            )
        except InvalidInputError as error:
            self.built = self.built | {"problem": sentence(LANGUAGE, error), "count": ""}
            return
        drafts.change(draft, place=place, values=values)
        async for _ in self._changed(actor, draft, keeps_lines=name == "value" and text != ""):
            yield

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def pick(self, actor: Actor, place: Place, choice: Word):
        """Switch one of several choices on or off."""
        draft = self._group()
        drafts.change(
            draft, place=place, values=with_pick(drafts.condition(draft, place).values, choice)
        )
        async for _ in self._changed(actor, draft):
            yield

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def set_join(self, actor: Actor, place: Place, join: Literal["all", "any", "none"]):
        """Say how the parts of a group go together."""
        draft = self._group()
        drafts.set_join(draft, place=place, join=join)
        async for _ in self._changed(actor, draft):
            yield

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def add(self, actor: Actor, place: Place, what: Literal["condition", "group"]):
        """Add a condition, or a group with one, at the end of a group."""
        draft = self._group()
        put = drafts.add_condition if what == "condition" else drafts.add_group
        put(draft, place=place, values=first_values(""))
        async for _ in self._changed(actor, draft):
            yield

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def remove(self, actor: Actor, place: Place):
        """Take out a condition or a group."""
        draft = self._group()
        drafts.remove(draft, place=place)
        async for _ in self._changed(actor, draft):
            yield

    @rx.event
    @anyone
    async def close(self):
        """Close the builder; what was built is forgotten."""
        self._close()

    def _close(self) -> None:
        self.built, self.lines, self._draft = dict(_CLOSED), [], ""

    async def _start(
        self, actor: Actor, criteria: dict[str, Any] | None, *, what: str, adds: bool
    ) -> None:
        """Open the builder with criteria; `adds` begins a new condition at their end."""
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            found = await load_options(
                session, restaurant_id=actor.restaurant_id, language=LANGUAGE
            )
        self.builder = page_texts(LANGUAGE, BUILDER)
        self._currency = restaurant.currency
        own = {one.key: list(one.choices) for one in FIELDS.values() if one.choices} | {
            f"{one.key}.{asks.key}": list(asks.choices)
            for one in FIELDS.values()
            for asks in one.parameters
            if asks.choices
        }
        self.options = {
            name: [Choice(value, label) for value, label in pairs] for name, pairs in found.items()
        } | {
            name: [Choice(value, translate(LANGUAGE, label)) for value, label in pairs]
            for name, pairs in own.items()
        }
        groups: dict[str, list[Choice]] = {}
        for one in FIELDS.values():
            groups.setdefault(translate(LANGUAGE, one.group), []).append(
                Choice(one.key, translate(LANGUAGE, one.word))
            )
        self.groups = groups
        draft = drafts.from_criteria(criteria)
        if adds:
            drafts.add_condition(draft, place="", values=first_values(""))
        self._keep(draft)
        self.lines = builder_lines(draft, currency=restaurant.currency)
        self.built = dict(_CLOSED) | {"open": "yes", "for": what, "join": draft.join}
        await self._check(actor)

    async def _changed(
        self, actor: Actor, draft: Group, *, keeps_lines: bool = False
    ) -> AsyncIterator[None]:
        self._keep(draft)
        # What is typed stays in its control: drawing the line anew would move the cursor.
        if not keeps_lines:
            self.lines = builder_lines(draft, currency=self._currency)
        self.built = self.built | {"count": "", "join": draft.join}
        yield
        await self._check(actor)

    async def _check(self, actor: Actor) -> None:
        """Say in words what was built, and how many guests fit; or what is wrong."""
        criteria = self._criteria()
        if not drafts.is_begun(self._group()):
            self.built = self.built | {"problem": "", "sentence": "", "count": ""}
            return
        now = clock.now()
        try:
            tree = parse(criteria) if criteria else None
            async with reading() as session:
                asking = await load_asking(session, restaurant_id=actor.restaurant_id, now=now)
                wanted = Wanted(criteria=tree)
                await note_search(session, by=actor, asking=asking, wanted=wanted)
                count = await listing.count(session, asking=asking, wanted=wanted)
                words = await say(session, tree, asking=asking, language=LANGUAGE) if tree else ""
        except InvalidInputError as error:
            told = {"problem": sentence(LANGUAGE, error), "sentence": "", "count": ""}
            self.built = self.built | told
            return
        self.built = self.built | {
            "problem": "",
            "sentence": words,
            "count": plural(LANGUAGE, "{count} guest fits", "{count} guests fit", count),
        }

    def _is_whole(self) -> bool:
        """Whether every line says what it asks for; else the builder tells."""
        if drafts.is_begun(self._group()):
            return True
        told = translate(LANGUAGE, N_("Please choose what to filter by."))
        self.built = self.built | {"problem": told}
        return False

    def _criteria(self) -> dict[str, Any] | None:
        return drafts.to_criteria(self._group())

    def _group(self) -> Group:
        group = drafts.from_criteria(orjson.loads(self._draft) if self._draft else None)
        if not self._draft and self._join in drafts.JOINS:
            group.join = self._join  # pyright: ignore[reportAttributeAccessIssue] - one of JOINS
        return group

    def _keep(self, draft: Group) -> None:
        criteria = drafts.to_criteria(draft)
        self._draft = orjson.dumps(criteria).decode() if criteria else ""
        self._join = draft.join
