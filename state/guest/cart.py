"""The guest's cart and its one button."""

import random
import uuid

import reflex as rx

from models.enums import OrderKind
from services import live
from services.base import addresses, clock, metrics, whatsapp_texts
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError, UnavailableError
from services.base.guest_texts import CART
from services.base.texts import N_, page_texts, sentence, translate
from services.guests import visits
from services.identity.aliases import Face, face
from services.loyalty import cart_rewards
from services.loyalty.errors import RewardOverError
from services.ordering import carts, checkout, deliveries
from services.ordering.cart_page import CartLineRow, TableOrder, cart_page
from services.ordering.errors import EmptyOrderError
from services.ordering.rules import ORDER_NOTE_LENGTH
from services.seating.words import find_seat_text
from services.whatsapp import offering
from state.doors import anyone
from state.guest.access import Here, guest

NOT_SENT = N_("The order was not sent. Nothing is lost: your cart is as it was.")
NO_FACE = Face(icon="leaf", tint=1)


class CartState(rx.State):
    """What one guest has picked. The database holds the cart; this is its picture."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    lines: rx.Field[list[CartLineRow]] = rx.field(default_factory=list)
    counts: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    others: rx.Field[list[TableOrder]] = rx.field(default_factory=list)
    earlier: str = ""
    differences: rx.Field[list[str]] = rx.field(default_factory=list)
    alias: str = ""
    face: Face = NO_FACE
    count: int = 0
    reward: str = ""
    discount: str = ""
    total: str = ""
    table_total: str = ""
    note: str = ""
    # Came by a flyer to have it brought, and where to: the guest's own words, until it is sent.
    is_brought: bool = False
    address: str = ""
    problem: str = ""
    is_open: bool = False
    is_sending: bool = False
    # Made with the cart and stored with it: the same key never makes a second order.
    _submit_key: str = ""

    @rx.event
    @guest
    async def open(self, here: Here):
        """Show the cart as it is in the database now, with what has changed since."""
        await refresh_cart(self, here, here.language)
        self.problem = ""
        self.is_open = True

    @rx.event
    @anyone
    async def close(self):
        """Back to the menu; the cart stays."""
        self.is_open = False

    @rx.event
    @guest
    async def more(self, here: Here, line_id: uuid.UUID):
        """One more of a line."""
        await self._change(here, line_id, 1)

    @rx.event
    @guest
    async def less(self, here: Here, line_id: uuid.UUID):
        """One less of a line; the last one takes it out."""
        await self._change(here, line_id, -1)

    @rx.event
    @guest
    async def set_note(self, here: Here, note: str):
        """Keep what the guest wrote for the whole order."""
        async with transaction() as session:
            await carts.set_note(
                session, guest=here.guest, note=note[:ORDER_NOTE_LENGTH], now=clock.now()
            )
        self.note = note[:ORDER_NOTE_LENGTH]

    @rx.event
    @guest
    async def set_address(self, _here: Here, address: str):
        """Keep what the guest wrote as the address, for this tab and until the order is sent."""
        self.address = address[: deliveries.MOST_LENGTH]

    @rx.event
    @guest
    async def send(self, here: Here):
        """Place the cart as one order and open its status page.

        What has changed since the guest looked is shown first; the same cart sent again is the same
        order.
        """
        if self.is_sending:
            return
        try:
            self.is_sending, self.problem = True, ""
            yield
            if await self._has_unseen_changes(here):
                return
            if not self._submit_key:
                # Another tab has sent it, or the visit is over.
                raise EmptyOrderError
            address = deliveries.checked(self.address) if self.is_brought else ""
            async with transaction() as session:
                if self.differences:
                    # Read, and sent all the same: at the new prices, without what is gone.
                    await carts.accept_differences(
                        session, restaurant=here.restaurant, guest=here.guest, now=clock.now()
                    )
                placed = await checkout.place_order(
                    session,
                    restaurant=here.restaurant,
                    guest=here.guest,
                    submit_key=self._submit_key,
                    now=clock.now(),
                    kind=OrderKind.DELIVERY if self.is_brought else OrderKind.DINE_IN,
                    address=address,
                )
        except UnavailableError:
            self.problem = translate(here.language, NOT_SENT)
            return
        except RewardOverError as error:
            async with transaction() as session:
                await cart_rewards.drop_over(
                    session,
                    restaurant_id=here.restaurant.id,
                    customer_id=here.guest.customer_id,
                    now=clock.now(),
                )
            await refresh_cart(self, here, here.language)
            self.problem = sentence(here.language, error)
            return
        except SmartMenuError as error:
            self.problem = sentence(here.language, error)
            return
        finally:
            self.is_sending = False
        if placed.is_new:
            metrics.ORDERS.labels("screen").inc()
        await live.publish(placed.change.topics, "order", placed.order_id)
        self.is_open, self.address = False, ""
        await refresh_cart(self, here, here.language)
        yield rx.redirect(addresses.order_status(here.restaurant.slug, placed.order_id))

    @rx.event
    @guest
    async def send_over_whatsapp(self, here: Here):
        """Open WhatsApp with a text that orders this cart once the guest sends it."""
        self.problem = ""
        if not offering.is_offered() or await self._has_unseen_changes(here):
            return
        try:
            if not self._submit_key:
                raise EmptyOrderError
            async with transaction() as session:
                if self.differences:
                    await carts.accept_differences(
                        session, restaurant=here.restaurant, guest=here.guest, now=clock.now()
                    )
                seat = await find_seat_text(
                    session,
                    restaurant_id=here.restaurant.id,
                    table_id=here.guest.table_id,
                    language=here.language,
                )
                if self.is_brought:
                    seat = translate(here.language, whatsapp_texts.DELIVERY)
                link = await offering.order_link(
                    session,
                    restaurant=here.restaurant,
                    guest=here.guest,
                    submit_key=self._submit_key,
                    seat=seat,
                    language=here.language,
                    now=clock.now(),
                    rng=random.SystemRandom(),
                )
        except SmartMenuError as error:
            self.problem = sentence(here.language, error)
            return
        # The demo's own phone is a page of this host, which the router would look for in itself.
        yield rx.redirect(link, is_external=link.startswith("/"))

    @rx.event
    @guest
    async def keep_reward(self, here: Here):
        """Take the reward out of the cart; its code stays valid for a while."""
        async with transaction() as session:
            await cart_rewards.take_out_of_cart(
                session,
                restaurant_id=here.restaurant.id,
                customer_id=here.guest.customer_id,
                now=clock.now(),
            )
        await refresh_cart(self, here, here.language)

    async def _has_unseen_changes(self, here: Here) -> bool:
        """Whether the menu has changed since this screen showed the cart; then it shows it anew."""
        seen = list(self.differences)
        await refresh_cart(self, here, here.language)
        return bool(self.differences) and list(self.differences) != seen

    async def _change(self, here: Here, line_id: uuid.UUID, step: int) -> None:
        line = next((line for line in self.lines if line.id == str(line_id)), None)
        if line is None:
            return
        who = {"restaurant": here.restaurant, "guest": here.guest, "now": clock.now()}
        async with transaction() as session:
            if line.quantity + step < 1:
                await carts.remove_line(session, line_id=line_id, **who)
            else:
                await carts.set_quantity(
                    session, line_id=line_id, quantity=line.quantity + step, **who
                )
        await refresh_cart(self, here, here.language)


async def refresh_cart(state: rx.State, here: Here | None, language: str) -> None:
    """Show the cart of a guest as the database has it; an empty one for somebody who only looks."""
    cart_state = await state.get_state(CartState)
    if not cart_state.texts:
        words = CART | (whatsapp_texts.CART if offering.is_offered() else {})
        cart_state.texts = page_texts(language, words)
    if here is None:
        return
    async with reading() as session:
        shown = await cart_page(
            session,
            restaurant=here.restaurant,
            guest=here.guest,
            language=language,
            now=clock.now(),
        )
        # Whoever sits at a table did not come for it: no table's guest costs this question.
        cart_state.is_brought = here.guest.table_id is None and await visits.wants_delivery(
            session, guest=here.guest
        )
    cart_state.lines = shown.lines
    cart_state.counts = shown.counts
    cart_state.others = shown.others
    cart_state.earlier = shown.earlier
    cart_state.differences = shown.differences
    cart_state.alias = here.guest.alias
    cart_state.face = face(here.guest.alias)
    cart_state.count = shown.count
    cart_state.reward = shown.reward
    cart_state.discount = shown.discount
    cart_state.total = shown.total
    cart_state.table_total = shown.table_total
    cart_state.note = shown.note
    cart_state._submit_key = shown.submit_key  # noqa: SLF001 - this module's own state
