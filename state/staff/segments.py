"""Segments: the families with what they are worth, and one segment with rule, members and flow."""

from dataclasses import replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

import reflex as rx

from services.accounts.types import Actor, Permission
from services.base import addresses, clock
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError, NotFoundError
from services.base.list_texts import SEGMENTS
from services.base.texts import N_, page_texts, sentence, translate
from services.customers import segment_stats
from services.customers.asking import end_of, load_asking
from services.customers.engagement_rules import change_rules
from services.customers.segment_names import get_segment
from services.segments import segments
from state.doors import anyone
from state.notice import tell
from state.staff.access import LANGUAGE, staff
from state.staff.charts import ChartView
from state.staff.criteria import CriteriaState
from state.staff.forms import FormData
from state.staff.segments_views import (
    ByHand,
    SegmentFamily,
    SegmentPage,
    by_hand_rows,
    families_of,
    flow_chart,
    segment_page,
    typed_rules,
)


class SegmentsState(rx.State):
    """Both pages: the overview, and one segment."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    families: rx.Field[list[SegmentFamily]] = rx.field(default_factory=list)
    page: SegmentPage | None = None
    flow: ChartView | None = None
    by_hand: rx.Field[list[ByHand]] = rx.field(default_factory=list)
    asks: str = ""
    wrong: str = ""
    is_missing: bool = False
    is_ready: bool = False

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def enter(self, actor: Actor):
        """All segments: counts first, what they are worth after them."""
        self.texts = page_texts(LANGUAGE, SEGMENTS)
        self.asks, self.wrong = "", ""
        await self._list(actor)
        self.is_ready = True
        yield
        await self._list(actor, with_worth=True)

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def open_one(self, actor: Actor):
        """The segment that the address names."""
        self.texts = page_texts(LANGUAGE, SEGMENTS)
        self.asks, self.wrong = "", ""
        (await self.get_state(CriteriaState))._close()  # noqa: SLF001 - another page's filter
        try:
            await self._load(actor)
        except NotFoundError:
            self.page, self.is_missing = None, True
        self.is_ready = True

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def start_rule(self, actor: Actor):
        """Open the builder with the segment's rule."""
        async with reading() as session:
            row = await self._row(session, actor)
            criteria = dict(row.criteria)
        builder = await self.get_state(CriteriaState)
        await builder._start(actor, criteria, what="segment", adds=not criteria)  # noqa: SLF001

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def save_rule(self, actor: Actor):
        """Keep the rule that was built; members follow it at once."""
        builder = await self.get_state(CriteriaState)
        criteria = builder._criteria()  # noqa: SLF001 - the builder of this rule
        if criteria is None:
            msg = N_("A segment needs a rule.")
            raise InvalidInputError(msg, field="criteria")
        async with transaction() as session:
            row = await self._row(session, actor)
            await segments.change(
                session, by=actor, segment_id=row.id, criteria=criteria, now=clock.now()
            )
        builder._close()  # noqa: SLF001
        await self._load(actor)
        await tell(
            self, translate(LANGUAGE, N_("The rule is saved, and its guests with it.")), tone="ok"
        )

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def reset_rule(self, actor: Actor):
        """The rule of the beginning."""
        async with transaction() as session:
            row = await self._row(session, actor)
            await segments.reset(session, by=actor, segment_id=row.id, now=clock.now())
        (await self.get_state(CriteriaState))._close()  # noqa: SLF001
        self.asks = ""
        await self._load(actor)

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def save_borders(self, actor: Actor, form: FormData):
        """Keep what counts as high and low engagement."""
        if self.page is None:
            return
        try:
            async with transaction() as session:
                await change_rules(session, by=actor, rules=typed_rules(form), now=clock.now())
        except InvalidInputError as error:
            wrong = self.page.borders | form | {"wrong": sentence(LANGUAGE, error)}
            self.page = replace(self.page, borders={key: wrong[key] for key in self.page.borders})
            return
        await self._load(actor)
        told = N_("Saved. Guests follow with their next visit, everybody by tomorrow.")
        await tell(self, translate(LANGUAGE, told), tone="ok")

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def create(self, actor: Actor, form: FormData):
        """Begin an own segment, and go to it to build its rule."""
        try:
            async with transaction() as session:
                made = await segments.create(
                    session,
                    by=actor,
                    name=form.get("name", ""),
                    # Nobody, until there is a rule.
                    criteria={"any": []},
                    now=clock.now(),
                )
        except InvalidInputError as error:
            self.wrong = sentence(LANGUAGE, error)
            return None
        self.asks = ""
        return rx.redirect(addresses.segment(made))

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def archive(self, actor: Actor):
        """Put the segment away, or take it out again."""
        async with transaction() as session:
            row = await self._row(session, actor)
            await segments.change(
                session, by=actor, segment_id=row.id, is_active=not row.is_active, now=clock.now()
            )
        self.asks = ""
        await self._load(actor)

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def put_by_hand(self, actor: Actor, form: FormData):
        """Pin or exclude one guest by alias, for good or until a day."""
        how = form.get("how", "pinned")
        try:
            async with transaction() as session:
                asking = await load_asking(
                    session, restaurant_id=actor.restaurant_id, now=clock.now()
                )
                row = await self._row(session, actor)
                customer_id = await segment_stats.find_by_alias(
                    session, restaurant_id=actor.restaurant_id, alias=form.get("alias", "")
                )
                if customer_id is None:
                    msg = N_("No guest is called so.")
                    raise InvalidInputError(msg, field="alias")
                until = _day(form.get("until", ""))
                await segments.set_by_hand(
                    session,
                    by=actor,
                    segment_id=row.id,
                    customer_id=customer_id,
                    source="excluded" if how == "excluded" else "pinned",
                    until_at=end_of(until, asking) if until is not None else None,
                    now=asking.now,
                )
        except (InvalidInputError, NotFoundError) as error:
            self.wrong = sentence(LANGUAGE, error)
            return
        self.wrong = ""
        await self._load(actor)

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def take_back(self, actor: Actor, customer_id: UUID):
        """Let the rule decide about a guest again."""
        async with transaction() as session:
            asking = await load_asking(session, restaurant_id=actor.restaurant_id, now=clock.now())
            row = await self._row(session, actor)
            await segments.set_by_hand(
                session,
                by=actor,
                segment_id=row.id,
                customer_id=customer_id,
                source="rule",
                until_at=None,
                now=asking.now,
            )
        await self._load(actor)

    @rx.event
    @anyone
    async def ask(self, what: Literal["", "create", "archive", "reset"]):
        """Open a question of this tab, or close it."""
        self.asks, self.wrong = what, ""

    async def _list(self, actor: Actor, *, with_worth: bool = False) -> None:
        async with reading() as session:
            asking = await load_asking(session, restaurant_id=actor.restaurant_id, now=clock.now())
            whose = actor.restaurant_id
            counts = await segment_stats.list_counts(session, restaurant_id=whose, now=asking.now)
            archived = await segment_stats.list_counts(
                session, restaurant_id=whose, now=asking.now, archived=True
            )
            worth = (
                await segment_stats.performance(session, restaurant_id=whose)
                if with_worth
                else None
            )
        self.families = families_of(counts, archived, worth, currency=asking.restaurant.currency)

    async def _row(self, session: Any, actor: Actor) -> Any:  # noqa: ANN401 - a session and a row
        asked = self.router.url.path.rstrip("/").rpartition("/")[2]
        return await get_segment(session, restaurant_id=actor.restaurant_id, segment=asked[:40])

    async def _load(self, actor: Actor) -> None:
        async with reading() as session:
            asking = await load_asking(session, restaurant_id=actor.restaurant_id, now=clock.now())
            row = await self._row(session, actor)
            page = await segment_page(session, row, asking=asking)
            self.page = page
            self.flow = flow_chart(
                await segment_stats.flows(
                    session, restaurant=asking.restaurant, segment_id=row.id, now=asking.now
                ),
                name=page.name,
            )
            self.by_hand = by_hand_rows(
                await segment_stats.list_by_hand(
                    session, restaurant_id=actor.restaurant_id, segment_id=row.id
                ),
                restaurant=asking.restaurant,
            )
        self.is_missing = False


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        msg = N_("That is not a day.")
        raise InvalidInputError(msg, field="until") from error
