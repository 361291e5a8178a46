"""The floor plan's editor: which layout is open, and what goes between it and the browser."""

import secrets
from typing import Any
from uuid import UUID

import reflex as rx

from services import live
from services.accounts.types import Actor, Permission
from services.base import addresses, clock
from services.base.database import reading, transaction
from services.base.errors import ConflictError
from services.base.plan_texts import PLAN
from services.base.texts import N_, page_texts, sentence, translate
from services.layouts import editing, layouts, publishing, queries
from services.layouts.errors import PartiesComeError
from services.layouts.types import layouts_topic
from services.restaurants import queries as restaurants
from state.notice import tell
from state.staff.access import LANGUAGE, next_news, staff, staff_background
from state.staff.floor_editor_views import (
    answer_view,
    layout_views,
    preview_view,
)

REFRESH_SECONDS = 60


class FloorEditorState(rx.State):
    """One tab's editor. The plan itself is not kept here: it goes through as answers."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    is_ready: bool = False
    # "layouts", "layout_id", addresses, and "done": goes up when a question was answered.
    room: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    answer: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    preview: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    heard: str = ""

    @rx.event(background=True)
    @staff_background(Permission.EDIT_TABLES)
    async def follow(self, actor: Actor):
        """Open the room's layout, and hear of what others change as long as the screen is open."""
        topics = [layouts_topic(actor.restaurant_id), live.floor_topic(actor.restaurant_id)]
        async with live.subscribe(topics) as news:
            async with transaction() as session:
                live_id = await layouts.ensure_live_layout(session, by=actor, now=clock.now())
            async with self:
                self.texts = page_texts(LANGUAGE, PLAN)
                await self._fill(actor, self.room.get("layout_id") or str(live_id))
                self.is_ready = True
            count = 0
            while True:
                heard, actor = await next_news(
                    self, Permission.EDIT_TABLES, news, timeout_seconds=REFRESH_SECONDS
                )
                for one in heard:
                    if one.what == "layout":
                        async with self:
                            self.heard = one.subject_id
                    elif one.gap or one.what in {"room", "layouts"}:
                        count += 1
                        async with self:
                            self.heard = f"room:{count}"
                            await self._fill(actor, self.room["layout_id"])

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def exchange(self, actor: Actor, batch: dict[str, Any]):
        """Do what the editor did; its answer carries what it does not know yet."""
        read = editing.read_batch(batch)
        async with transaction() as session:
            answer = await editing.exchange(session, by=actor, batch=read, now=clock.now())
        if answer.has_written:
            topics = [layouts_topic(actor.restaurant_id)]
            await live.publish(topics, "layout", f"{answer.layout_id}:{answer.revision}")
        self.answer = answer_view(answer, batch_id=str(batch.get("id", ""))[:64])

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def choose(self, actor: Actor, layout_id: UUID):
        """Open another layout."""
        await self._fill(actor, str(layout_id))

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def create(self, actor: Actor, name: str, source: str):
        """Make a layout and open it."""
        async with transaction() as session:
            made = await layouts.create_layout(
                session, by=actor, name=name, source=source, now=clock.now()
            )
        await self._changed(actor, str(made))

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def rename(self, actor: Actor, layout_id: UUID, name: str):
        """Give a layout another name."""
        async with transaction() as session:
            await layouts.rename_layout(
                session, by=actor, layout_id=layout_id, name=name, now=clock.now()
            )
        await self._changed(actor, str(layout_id))

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def put_away(self, actor: Actor, layout_id: UUID):
        """Put a layout away and open the room's."""
        async with transaction() as session:
            await layouts.archive_layout(session, by=actor, layout_id=layout_id, now=clock.now())
        await self._changed(actor, "")

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def look(self, actor: Actor, layout_id: UUID):
        """Tell what publishing would do."""
        self.preview = {}
        self.preview = await self._look(actor, layout_id)

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def publish(self, actor: Actor, layout_id: UUID, revision: int):
        """Make a layout the room; a refusal stands where it was asked."""
        try:
            async with transaction() as session:
                published = await publishing.publish_layout(
                    session,
                    by=actor,
                    layout_id=layout_id,
                    revision=revision,
                    now=clock.now(),
                    rng=secrets.SystemRandom(),
                    known_parties=[UUID(one) for one in self.preview.get("party_ids", [])],
                )
        except PartiesComeError as error:
            looked = await self._look(actor, layout_id)
            self.preview = looked | {"error": sentence(LANGUAGE, error)}
            return
        except ConflictError as error:
            self.preview = self.preview | {"error": sentence(LANGUAGE, error)}
            return
        await live.publish(published.topics, "room")
        await self._changed(actor, str(layout_id))
        await tell(self, translate(LANGUAGE, N_("This is the room now")), tone="ok")

    async def _look(self, actor: Actor, layout_id: UUID) -> dict[str, Any]:
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            found = await queries.preview_publication(
                session, restaurant_id=actor.restaurant_id, layout_id=layout_id, now=clock.now()
            )
        return preview_view(found, restaurant)

    async def _changed(self, actor: Actor, layout_id: str) -> None:
        """After the list has changed: others hear of it, and the question here is answered."""
        await live.publish([layouts_topic(actor.restaurant_id)], "layouts")
        await self._fill(actor, layout_id, is_done=True)

    async def _fill(self, actor: Actor, layout_id: str, *, is_done: bool = False) -> None:
        async with reading() as session:
            listed = await queries.list_layouts(session, restaurant_id=actor.restaurant_id)
        known = {str(one.id) for one in listed}
        # Put away by somebody else, or never there: the room's own comes first in the list.
        chosen = layout_id if layout_id in known else str(listed[0].id) if listed else ""
        self.room = {
            "layouts": layout_views(listed),
            "layout_id": chosen,
            "back": addresses.STAFF_FLOOR,
            "pdf": addresses.layout_pdf(chosen),
            "upload": f"{addresses.STAFF_PICTURES}?kind=plan",
            "done": int(self.room.get("done", 0)) + is_done,
        }
