"""Messages of guests and the answers of the staff, live."""

from typing import Any
from uuid import UUID

import reflex as rx

from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.errors import ConflictError, InvalidInputError, NotFoundError
from services.base.messages_texts import MESSAGES
from services.base.texts import page_texts
from services.jobs.hurry import hurry_out
from services.restaurants import queries as restaurants
from services.whatsapp import conversations, replying, templates, threads
from state.doors import row_id
from state.staff.access import LANGUAGE, next_news, staff, staff_background
from state.staff.forms import FormData, refusal
from state.staff.messages_views import (
    Bubble,
    Head,
    TalkRow,
    TemplateRow,
    bubble,
    head,
    row,
    template_row,
)

# The browser counts seconds; once a minute it is put right.
REFRESH_SECONDS = 60


class MessagesState(rx.State):
    """One tab's conversations, and the one that is open."""

    texts: dict[str, str] = {}
    is_ready: bool = False
    talks: rx.Field[list[TalkRow]] = rx.field(default_factory=list)
    head: rx.Field[Head] = rx.field(default_factory=Head)
    bubbles: rx.Field[list[Bubble]] = rx.field(default_factory=list)
    wrong: dict[str, str] = {}
    # Templates that may be sent to the guest of the open conversation once the window is closed.
    templates: rx.Field[list[TemplateRow]] = rx.field(default_factory=list)
    # Goes up with every message that was sent: the field starts anew.
    form_number: int = 0

    @rx.event(background=True)
    @staff_background(Permission.ANSWER_MESSAGES)
    async def live(self, actor: Actor):
        """Show the conversations and follow them; what is open counts as read."""
        async with live.subscribe([live.messages_topic(actor.restaurant_id)]) as news:
            async with self:
                self.texts = page_texts(LANGUAGE, MESSAGES)
            while True:
                async with self:
                    opened = self.head.id
                shown = await _shown(actor, opened)
                async with self:
                    if self.head.id != opened:
                        # Another conversation was opened meanwhile, and is there already.
                        shown = {"talks": shown["talks"]}
                    self._assign(shown)
                    self.is_ready = True
                _, actor = await next_news(
                    self, Permission.ANSWER_MESSAGES, news, timeout_seconds=REFRESH_SECONDS
                )

    @rx.event
    @staff(Permission.ANSWER_MESSAGES)
    async def open(self, actor: Actor, conversation_id: UUID):
        """Show one conversation; its messages are read now."""
        self.wrong = {}
        self.form_number += 1
        self._assign(await _shown(actor, str(conversation_id)))

    @rx.event
    @staff(Permission.ANSWER_MESSAGES)
    async def leave(self, _actor: Actor):
        """Back to the list, on a phone."""
        self.head, self.bubbles, self.wrong = Head(), [], {}

    @rx.event
    @staff(Permission.ANSWER_MESSAGES)
    async def send(self, actor: Actor, form: FormData):
        """Answer the guest of the open conversation."""
        self.wrong = {}
        try:
            async with transaction() as session:
                await replying.reply(
                    session,
                    by=actor,
                    conversation_id=UUID(self.head.id or str(UUID(int=0))),
                    text=form.get("text", ""),
                    now=clock.now(),
                )
        except (InvalidInputError, ConflictError) as error:
            self.wrong = refusal(error, field="text")
            return
        hurry_out()
        self.form_number += 1
        await live.publish([live.messages_topic(actor.restaurant_id)], "message")
        self._assign(await _shown(actor, self.head.id))

    @rx.event
    @staff(Permission.ANSWER_MESSAGES)
    async def send_template(self, actor: Actor, form: FormData):
        """Send an approved template to the guest of the open conversation."""
        self.wrong = {}
        names = [f"value{number}" for number in range(1, templates.MOST_PLACES + 1)]
        try:
            async with transaction() as session:
                await replying.send_template(
                    session,
                    by=actor,
                    conversation_id=UUID(self.head.id or str(UUID(int=0))),
                    template_id=row_id(form.get("template", "")),
                    values=[form.get(name, "") for name in names],
                    now=clock.now(),
                )
        except (InvalidInputError, ConflictError, NotFoundError) as error:
            self.wrong = refusal(error, field="template")
            return
        hurry_out()
        self.form_number += 1
        await live.publish([live.messages_topic(actor.restaurant_id)], "message")
        self._assign(await _shown(actor, self.head.id))

    def _assign(self, shown: dict[str, Any]) -> None:
        for name, value in shown.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


async def _shown(actor: Actor, open_id: str) -> dict[str, Any]:
    """The list and the open conversation; one that is gone is closed."""
    chosen = UUID(open_id) if open_id else None
    if chosen is not None:
        await _mark_read(actor, chosen)
    now = clock.now()
    async with reading() as session:
        restaurant = await restaurants.get(session, actor.restaurant_id)
        talks = await threads.list_talks(session, restaurant_id=actor.restaurant_id)
        offered = await templates.offered(session) if chosen is not None else []
        thread = None
        if chosen is not None:
            try:
                thread = await threads.get_thread(session, by=actor, conversation_id=chosen)
            except NotFoundError:
                thread = None
    local: dict[str, Any] = {"time_zone": restaurant.time_zone, "now": now}
    may_open = actor.can(Permission.SERVE_CUSTOMERS)
    return {
        "talks": [row(talk, **local) for talk in talks],
        "templates": [template_row(one) for one in offered],
        "head": head(thread, may_open_card=may_open, now=now) if thread else Head(),
        "bubbles": [bubble(said, **local) for said in thread.messages] if thread else [],
    }


async def _mark_read(actor: Actor, conversation_id: UUID) -> None:
    async with reading() as session:
        unread = await threads.count_unread(session, restaurant_id=actor.restaurant_id)
    if not unread:
        return
    async with transaction() as session:
        was_unread = await conversations.mark_read(
            session, restaurant_id=actor.restaurant_id, conversation_id=conversation_id
        )
    if was_unread:
        # The count in everybody's frame.
        await live.publish([live.messages_topic(actor.restaurant_id)], "read")
