"""One order on its way, and the guest's own orders."""

from uuid import UUID

import reflex as rx

from services import live
from services.base import addresses, clock
from services.base.database import reading, transaction
from services.base.errors import NotFoundError, SmartMenuError
from services.base.guest_texts import STATUS
from services.base.texts import page_texts, sentence
from services.ordering import again, taking_back
from services.ordering.order_page import OrderPage, OrderRow, my_orders, order_page
from services.ordering.ownership import count_own
from state.doors import row_id
from state.guest.access import Here, guest, guest_background
from state.guest.consent import refresh_consent

REFRESH_SECONDS = 30
EMPTY = OrderPage.empty()


class OrderState(rx.State):
    """An order as its guest sees it. Other guests' orders are not found."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    menu_href: str = ""
    orders_href: str = ""
    order: OrderPage = EMPTY
    orders: rx.Field[list[OrderRow]] = rx.field(default_factory=list)
    restaurant_name: str = ""
    page_title: str = ""
    problem: str = ""
    is_missing: bool = False
    is_ready: bool = False

    @rx.event(background=True)
    @guest_background
    async def follow(self, here: Here):
        """Show the order of this address and follow it until the page closes."""
        order_id = _order_id(self.router.url.path)
        async with live.subscribe([live.visit_topic(here.guest.visit_id)]) as news:
            # Asked anew for every order's page: the tab keeps its state from one to the next.
            is_arriving = True
            while True:
                await self._show(here, order_id, is_arriving=is_arriving)
                is_arriving = False
                await news.next(timeout_seconds=REFRESH_SECONDS)

    @rx.event(background=True)
    @guest_background
    async def follow_all(self, here: Here):
        """Show all orders of this guest and follow them until the page closes."""
        async with live.subscribe([live.visit_topic(here.guest.visit_id)]) as news:
            while True:
                async with reading() as session:
                    rows = await my_orders(
                        session,
                        restaurant=here.restaurant,
                        guest=here.guest,
                        language=here.language,
                    )
                async with self:
                    self._words(here)
                    if rows != self.orders:
                        self.orders = rows
                    self.is_ready = True
                await news.next(timeout_seconds=REFRESH_SECONDS)

    @rx.event
    @guest
    async def cancel(self, here: Here):
        """Take the order back while the kitchen has not accepted it."""
        await self._end(here, keeps_dishes=False)

    @rx.event
    @guest
    async def change(self, here: Here):
        """Take the order back into the cart, to change it and send it again."""
        if await self._end(here, keeps_dishes=True):
            return rx.redirect(addresses.menu(here.restaurant.slug))
        return None

    @rx.event
    @guest
    async def order_again(self, here: Here):
        """Put the same dishes into the cart."""
        async with transaction() as session:
            await again.put_into_cart(
                session,
                restaurant=here.restaurant,
                guest=here.guest,
                order_id=row_id(self.order.id),
                now=clock.now(),
            )
        return rx.redirect(addresses.menu(here.restaurant.slug))

    async def _end(self, here: Here, *, keeps_dishes: bool) -> bool:
        self.problem = ""
        try:
            take_back = (
                taking_back.take_back_into_cart if keeps_dishes else taking_back.cancel_by_guest
            )
            async with transaction() as session:
                change = await take_back(
                    session,
                    restaurant=here.restaurant,
                    guest=here.guest,
                    order_id=row_id(self.order.id),
                    now=clock.now(),
                )
        except SmartMenuError as error:
            self.problem = sentence(here.language, error)
            return False
        await live.publish(change.topics, "order", change.order_id)
        return True

    async def _show(self, here: Here, order_id: UUID | None, *, is_arriving: bool) -> None:
        shown = None
        if order_id is not None:
            async with reading() as session:
                try:
                    shown = await order_page(
                        session,
                        restaurant=here.restaurant,
                        guest=here.guest,
                        order_id=order_id,
                        language=here.language,
                        now=clock.now(),
                    )
                except NotFoundError:
                    shown = None
        async with self:
            self._words(here)
            self.is_missing = shown is None
            if shown is not None and shown != self.order:
                self.order = shown
            if is_arriving:
                # After the first order the question has its place; a later page is not its second.
                async with reading() as session:
                    own = await count_own(session, guest=here.guest)
                await refresh_consent(self, here, here.language, was_asked=own > 1)
                self.is_ready = True

    def _words(self, here: Here) -> None:
        if not self.texts:
            self.texts = page_texts(here.language, STATUS)
            self.menu_href = addresses.menu(here.restaurant.slug)
            self.orders_href = addresses.my_orders(here.restaurant.slug)
            self.restaurant_name = here.restaurant.name
            self.page_title = f"{self.texts['my_orders']} · {here.restaurant.name}"


def _order_id(path: str) -> UUID | None:
    try:
        return UUID(path.rstrip("/").rsplit("/", 1)[-1])
    except ValueError:
        return None
