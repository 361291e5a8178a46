"""A guest calls: a waiter, or for the bill."""

from dataclasses import dataclass
from datetime import timedelta

import reflex as rx

from models.enums import CallKind
from services import live
from services.base import clock
from services.base.database import reading, transaction
from services.base.guest_texts import CALL
from services.base.texts import page_texts
from services.seating import calls
from services.seating.calls import LastCall
from state.guest.access import Here, guest, guest_background

REFRESH_SECONDS = 30
# Somebody who said so is at the table by then; the next call is a new one.
ON_THE_WAY = timedelta(minutes=5)


@dataclass(frozen=True)
class CallView:
    """One kind of call. `state` is "", "waiting" or "coming"."""

    kind: str
    icon: str
    word: str
    state: str


class CallState(rx.State):
    """What this guest's table has called for; nothing for guests without a table."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    calls: rx.Field[list[CallView]] = rx.field(default_factory=list)
    sentence: str = ""

    @rx.event(background=True)
    @guest_background
    async def follow(self, here: Here):
        """Follow the calls of the table until the page closes."""
        topics = [live.visit_topic(here.guest.visit_id)]
        if here.guest.sitting_id is not None:
            topics.append(live.sitting_topic(here.guest.sitting_id))
        async with live.subscribe(topics) as news:
            while True:
                last = await _last(here)
                async with self:
                    self._show(here, last)
                await news.next(timeout_seconds=REFRESH_SECONDS)

    @rx.event
    @guest
    async def call(self, here: Here, kind: CallKind):
        """Ask staff to come; the same again changes nothing."""
        async with transaction() as session:
            made = await calls.call(session, guest=here.guest, kind=kind, now=clock.now())
        if made and here.guest.sitting_id is not None:
            await live.publish(
                [
                    live.floor_topic(here.restaurant.id),
                    live.sitting_topic(here.guest.sitting_id),
                ],
                "call",
                here.guest.sitting_id,
            )
        self._show(here, await _last(here))

    def _show(self, here: Here, last: tuple[LastCall, ...] | None) -> None:
        if not self.texts:
            self.texts = page_texts(here.language, CALL)
        shown = [] if last is None else [self._view(kind, last) for kind in CallKind]
        if shown != self.calls:
            self.calls = shown
        states = {one.state for one in shown}
        sentence = "coming" if "coming" in states else "waiting" if "waiting" in states else ""
        self.sentence = self.texts[sentence] if sentence else ""

    def _view(self, kind: CallKind, last: tuple[LastCall, ...]) -> CallView:
        state = next((_state(one) for one in last if one.kind is kind), "")
        icon = "receipt-text" if kind is CallKind.BILL else "bell-ring"
        return CallView(str(kind), icon, self.texts[str(kind)], state)


async def _last(here: Here) -> tuple[LastCall, ...] | None:
    async with reading() as session:
        return await calls.last_calls(
            session, restaurant_id=here.restaurant.id, visit_id=here.guest.visit_id
        )


def _state(last: LastCall) -> str:
    if last.answered_at is None:
        return "waiting"
    return "coming" if clock.now() - last.answered_at < ON_THE_WAY else ""
