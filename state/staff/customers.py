"""The list of guests who agreed to be remembered: searched, filtered, sorted, saved as views."""

from typing import Annotated, Any

import reflex as rx
from pydantic import Field

from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading
from services.base.errors import InvalidInputError, NotFoundError
from services.base.list_texts import LIST
from services.base.texts import page_texts, sentence
from services.customers import listing, views
from services.customers.asking import load_asking
from services.customers.criteria_names import say
from services.customers.list_columns import UPWARDS, Sort, chosen_columns
from services.customers.list_facts import Reader, load_listed
from services.customers.list_rows import ListLine, list_line
from services.customers.listing import Cursor, Order, Wanted
from services.customers.narrowing import find_narrowest
from services.segments.criteria import leaves, parse
from services.segments.types import Asking, Criteria
from state.staff import list_address
from state.staff.access import LANGUAGE, next_news, staff, staff_background
from state.staff.criteria import CriteriaState
from state.staff.customers_panels import ListPanels, text_of, yes
from state.staff.customers_views import (
    FilterChip,
    ListHead,
    advice_words,
    chips_of,
    count_words,
    heads_of,
)
from state.staff.list_looks import note_search

PAGE = 50
# Guests come and order all evening: a list that jumps cannot be read.
REFRESH_SECONDS = 30
# A row is sent again with every page below it: from here on a new window begins.
MOST_SHOWN = 300
MAX_SEARCH = 100


class CustomersState(ListPanels, rx.State):
    """What the list shows: rows in words, and how it is searched, filtered and sorted.

    `view` holds the words and switches around the rows; "yes" and "" say whether.
    """

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    heads: rx.Field[list[ListHead]] = rx.field(default_factory=list)
    rows: rx.Field[list[ListLine]] = rx.field(default_factory=list)
    chips: rx.Field[list[FilterChip]] = rx.field(default_factory=list)
    is_ready: bool = False
    _after: Cursor | None = None
    _before_count: int = 0
    _count: int | None = None

    @rx.event(background=True)
    @staff_background(Permission.VIEW_CUSTOMERS)
    async def live(self, actor: Actor):
        """Show the list that the address asks for, and keep it true while it is open."""
        async with live.subscribe([live.orders_topic(actor.restaurant_id)]) as news:
            async with self:
                self.texts = page_texts(LANGUAGE, LIST)
                await self._enter(actor)
                self.is_ready = True
            async with self:
                await self._recount(actor)
            read_at = clock.now()
            while True:
                _, actor = await next_news(
                    self, Permission.VIEW_CUSTOMERS, news, timeout_seconds=REFRESH_SECONDS
                )
                if (clock.now() - read_at).total_seconds() < REFRESH_SECONDS:
                    continue
                async with self:
                    if not self._before_count:
                        await self._read(actor, limit=max(PAGE, len(self.rows)))
                        await self._recount(actor)
                read_at = clock.now()

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def search_for(self, actor: Actor, text: str):
        """Show whom the words fit: alias, tag, dish, id; whole names, numbers and addresses."""
        self._set(search=text[:MAX_SEARCH])
        await self._read(actor)
        yield
        await self._recount(actor)

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def sort_by(self, actor: Actor, sort: Sort):
        """Sort by a column; by the same column again the other way round."""
        is_same = sort.value == self.view["sort"]
        goes_down = self.view["is_descending"] == "" if is_same else sort not in UPWARDS
        self._set(sort=sort.value, is_descending=yes(goes_down))
        await self._read(actor)

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def more(self, actor: Actor):
        """Show the next page below; after some hundred rows, in their place."""
        if self._after is not None:
            await self._read(actor, after=self._after)

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def from_top(self, actor: Actor):
        """Back to the first page."""
        await self._read(actor)

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def show_all(self, actor: Actor):
        """Without filter and search."""
        self._filter = ""
        self._set(view_id="", view_name="", panel="")
        self._empty_search()
        await self._read(actor)
        yield
        await self._recount(actor)

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def build_filter(self, actor: Actor, adds: bool):
        """Open the builder with the filter of the list."""
        builder = await self.get_state(CriteriaState)
        await builder._start(  # noqa: SLF001 - the builder of this list
            actor, self._criteria(), what="list", adds=adds
        )

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def apply_filter(self, actor: Actor):
        """Show whom the builder's filter fits."""
        builder = await self.get_state(CriteriaState)
        if not builder._is_whole():  # noqa: SLF001 - the builder of this list
            return
        criteria = builder._criteria()  # noqa: SLF001
        self._filter = text_of(criteria)
        self._set(view_id="", view_name="")
        # A filter that cannot be run is told in its place, with the builder still open.
        await self._read(actor)
        if self.view["problem"] == "":
            builder._close()  # noqa: SLF001
        yield
        await self._recount(actor)

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def drop_filter(self, actor: Actor, index: Annotated[int, Field(ge=0, le=99)]):
        """Take one part of the filter away."""
        self._filter = text_of(list_address.without_part(self._criteria(), index))
        await self._read(actor)
        yield
        await self._recount(actor)

    async def _enter(self, actor: Actor) -> None:
        """What the address asks for; what no address may hold stays as this tab had it."""
        self._set(
            panel="",
            problem="",
            may_edit=yes(actor.can(Permission.EDIT_CUSTOMERS)),
            may_export=yes(actor.can(Permission.EXPORT_CUSTOMERS)),
            may_contact=yes(actor.can(Permission.VIEW_CONTACTS)),
        )
        async with reading() as session:
            self._keys = await views.columns_of(session, by=actor)
        asked = list_address.read(dict(self.router.url.query_parameters))
        if asked.sort is not None:
            self._set(sort=asked.sort.value, is_descending=yes(asked.is_descending))
        if asked.view_id is not None:
            try:
                await self._use_view(actor, asked.view_id)
            except NotFoundError as error:
                self._set(view_id="", view_name="", problem=sentence(LANGUAGE, error))
        elif asked.criteria is not None:
            self._filter = text_of(asked.criteria)
            self._set(view_id="", view_name="")
            self._empty_search()
        elif list_address.may_be_linked(self._criteria()):
            self._filter = ""
            self._set(view_id="", view_name="")
        await self._read(actor, keeps_problem=self.view["problem"] != "")

    def _parsed(self) -> Criteria | None:
        return parse(self._criteria()) if self._filter else None

    def _wanted(self) -> Wanted:
        return Wanted(criteria=self._parsed(), search=self.view["search"])

    def _order(self) -> Order:
        return Order(Sort(self.view["sort"]), self.view["is_descending"] != "")

    async def _read(
        self,
        actor: Actor,
        *,
        limit: int | None = None,
        after: Cursor | None = None,
        keeps_problem: bool = False,
    ) -> None:
        """Read rows and say around them what they are; a filter that is broken shows none."""
        now = clock.now()
        try:
            wanted = self._wanted()
            async with reading() as session:
                asking = await load_asking(session, restaurant_id=actor.restaurant_id, now=now)
                page = await listing.load_page(
                    session,
                    asking=asking,
                    wanted=wanted,
                    order=self._order(),
                    after=after,
                    limit=limit or PAGE,
                )
                lines = await self._lines(session, page, asking)
                if after is None:
                    await note_search(session, by=actor, asking=asking, wanted=wanted)
                tree = wanted.criteria
                said = await say(session, tree, asking=asking, language=LANGUAGE) if tree else ""
                chips = await chips_of(session, tree, asking=asking)
        except InvalidInputError as error:
            self.rows, self._after = [], None
            self._set(problem=sentence(LANGUAGE, error), sentence="", shown="", has_more="")
            self.chips, self.heads = [], heads_of(self._keys)
            return
        joins = after is not None and len(self.rows) + len(lines) <= MOST_SHOWN
        self._before_count = (
            0 if after is None else self._before_count + (0 if joins else len(self.rows))
        )
        shown = [*self.rows, *lines] if joins else lines
        if shown != self.rows:
            self.rows = shown
        self._after = page.next_after
        self.heads, self.chips = heads_of(self._keys), chips
        if after is None:
            # Whether somebody would fit without one part of the filter is found with the count.
            self._count = len(shown) if shown and page.next_after is None else None
        self._set(
            problem=self.view["problem"] if keeps_problem else "",
            # Chips that are one condition each say it already.
            sentence=said if tree and len(leaves(tree)) > len(chips) else "",
            has_more=yes(page.next_after is not None),
            is_later=yes(self._before_count > 0),
            is_narrowed=yes(self._filter != "" or self.view["search"] != ""),
            address=self._address(),
            filter=self._filter,
            keys=",".join(self._keys),
            advice="",
        )
        self._say_count()

    async def _show_again(self, actor: Actor, *, keeps_rows: bool = False) -> None:
        await self._read(actor, limit=max(PAGE, len(self.rows)) if keeps_rows else PAGE)

    async def _again(self, actor: Actor) -> None:
        """Read the rows anew after they were changed."""
        await self._read(actor, limit=max(PAGE, len(self.rows)))
        self._count = None if self.view["has_more"] else self._count
        await self._recount(actor)

    async def _lines(self, session: Any, page: Any, asking: Asking) -> list[ListLine]:  # noqa: ANN401
        columns = chosen_columns(list(self._keys))
        reader = Reader(asking.restaurant, asking.now, LANGUAGE)
        listed = await load_listed(
            session, profiles=page.profiles, columns=frozenset(self._keys), reader=reader
        )
        return [list_line(one, columns=columns, reader=reader) for one in listed]

    async def _recount(self, actor: Actor) -> None:
        """The exact number follows the first page: it takes longer than the rows."""
        if self._count is not None or self.view["problem"]:
            return
        wanted = self._wanted()
        async with reading() as session:
            asking = await load_asking(session, restaurant_id=actor.restaurant_id, now=clock.now())
            self._count = await listing.count(session, asking=asking, wanted=wanted)
            if self._count == 0:
                found = await find_narrowest(session, asking=asking, wanted=wanted)
                self._set(advice=await advice_words(session, found, asking=asking))
        self._say_count()

    def _say_count(self) -> None:
        self._set(**count_words(before=self._before_count, rows=len(self.rows), count=self._count))

    def _address(self) -> str:
        return list_address.write(
            criteria=self._criteria(),
            order=self._order(),
            view_id=self.view["view_id"],
        )
