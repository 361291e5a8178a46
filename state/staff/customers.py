"""The list of guests who agreed to be remembered."""

from uuid import UUID

import reflex as rx

from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.customer_texts import CUSTOMERS
from services.base.database import reading
from services.base.texts import N_, page_texts, translate
from services.customers import queries as customers
from services.customers.list_page import ListRow, list_row
from services.customers.types import CustomerSort
from services.restaurants import queries as restaurants
from state.staff.access import LANGUAGE, next_news, staff, staff_background

PAGE = 50
# Guests come and order all evening: a list that jumps cannot be read.
REFRESH_SECONDS = 30
MOST_REFRESHED = 200
MAX_SEARCH = 100


class CustomersState(rx.State):
    """What the list shows: rows in words, and how it is searched and sorted."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    rows: rx.Field[list[ListRow]] = rx.field(default_factory=list)
    count_text: str = ""
    search: str = ""
    sort: str = CustomerSort.LAST_SEEN.value
    is_descending: bool = True
    has_more: bool = False
    is_ready: bool = False
    _after: UUID | None = None

    @rx.event(background=True)
    @staff_background(Permission.VIEW_CUSTOMERS)
    async def live(self, actor: Actor):
        """Show the list, and keep it true while it is open."""
        async with live.subscribe([live.orders_topic(actor.restaurant_id)]) as news:
            async with self:
                self.texts = page_texts(LANGUAGE, CUSTOMERS)
                self.search = ""
                await self._read(actor, limit=PAGE)
                self.is_ready = True
            while True:
                _, actor = await next_news(
                    self, Permission.VIEW_CUSTOMERS, news, timeout_seconds=REFRESH_SECONDS
                )
                async with self:
                    if len(self.rows) <= MOST_REFRESHED:
                        await self._read(actor, limit=max(PAGE, len(self.rows)))

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def search_for(self, actor: Actor, text: str):
        """Show whom the words fit: part of an alias, or a whole phone number or e-mail."""
        self.search = text[:MAX_SEARCH]
        await self._read(actor, limit=PAGE)

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def sort_by(self, actor: Actor, sort: CustomerSort):
        """Sort by a column; by the same column again the other way round."""
        is_same = sort.value == self.sort
        self.is_descending = not self.is_descending if is_same else sort != CustomerSort.ALIAS
        self.sort = sort.value
        await self._read(actor, limit=PAGE)

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def more(self, actor: Actor):
        """Show the next page below."""
        if self._after is not None:
            await self._read(actor, limit=PAGE, after=self._after)

    async def _read(self, actor: Actor, *, limit: int, after: UUID | None = None) -> None:
        now = clock.now()
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            page = await customers.list_customers(
                session,
                restaurant_id=actor.restaurant_id,
                now=now,
                sort=CustomerSort(self.sort),
                descending=self.is_descending,
                search=self.search,
                after=after,
                limit=limit,
            )
        rows = [
            list_row(row, restaurant=restaurant, now=now, language=LANGUAGE) for row in page.rows
        ]
        shown = [*self.rows, *rows] if after is not None else rows
        if shown != self.rows:
            self.rows = shown
        self._after = page.next_after
        self.has_more = page.next_after is not None
        self.count_text = (
            translate(LANGUAGE, N_("{shown} of {all}"), shown=len(shown), all=page.total_count)
            if page.total_count
            else ""
        )
