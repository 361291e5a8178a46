"""The floor: the room as it is, and which part of it this tab shows."""

from collections.abc import Sequence
from typing import Annotated, Any

import reflex as rx
from pydantic import Field

from services import live
from services.accounts.types import Actor, Permission
from services.base.floor_texts import FLOOR_WORK
from services.base.staff_texts import FLOOR, TIMES
from services.base.texts import page_texts
from services.live import News
from state.doors import anyone
from state.staff.access import LANGUAGE, next_news, staff, staff_background
from state.staff.first_steps import StepView, step_views
from state.staff.floor_ground import AreaView, DecorView, view_of
from state.staff.floor_needs import ArrivalView, CallView, NeedView
from state.staff.floor_news import news as news_of
from state.staff.floor_room import Room, known_room, read_room
from state.staff.floor_ties import TieView
from state.staff.floor_views import LegendView
from state.staff.table_panel import TablePanelState, find_card

# Without news the room is read again after this time: words stay true, and lost news heal.
REFRESH_SECONDS = 60


class FloorState(rx.State):
    """One tab's floor. What the tables are told by is in `floor_news`."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    times: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    is_ready: bool = False
    is_wall: bool = False
    is_list: bool = False
    may_work: bool = False
    time_zone: str = ""
    server_now: str = ""
    as_of_text: str = ""

    areas: rx.Field[list[AreaView]] = rx.field(default_factory=list)
    decor: rx.Field[list[DecorView]] = rx.field(default_factory=list)
    places: rx.Field[list[dict[str, Any]]] = rx.field(default_factory=list)
    news: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    legend: rx.Field[list[LegendView]] = rx.field(default_factory=list)
    ties: rx.Field[list[TieView]] = rx.field(default_factory=list)
    calls: rx.Field[list[CallView]] = rx.field(default_factory=list)
    needs: rx.Field[list[NeedView]] = rx.field(default_factory=list)
    ready: rx.Field[list[NeedView]] = rx.field(default_factory=list)
    arriving: rx.Field[list[ArrivalView]] = rx.field(default_factory=list)
    # What a new restaurant has to do before it can serve guests; empty afterwards.
    steps: rx.Field[list[StepView]] = rx.field(default_factory=list)
    guest_count: int = 0
    available_text: str = ""
    view: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    area_id: str = ""
    search: str = ""
    # Whose screen this is, and whether other people's tables step back.
    my_id: str = ""
    only_mine: bool = False

    @rx.event(background=True)
    @staff_background(Permission.VIEW_FLOOR)
    async def live(self, actor: Actor):
        """Show the room and follow it; runs again when a lost socket is back."""
        topics = [live.floor_topic(actor.restaurant_id), live.orders_topic(actor.restaurant_id)]
        async with live.subscribe(topics) as news:
            async with self:
                self.texts, self.times = (
                    page_texts(LANGUAGE, FLOOR | FLOOR_WORK),
                    page_texts(LANGUAGE, TIMES),
                )
                self.is_wall = self.router.url.query_parameters.get("wall") == "1"
                self.my_id = str(actor.user_id)
            known: Room | None = None
            heard: list[News] = []
            while True:
                if self.may_work != actor.can(Permission.WORK_FLOOR):
                    async with self:
                        self.may_work = actor.can(Permission.WORK_FLOOR)
                known = await self._refresh(actor, known, heard)
                heard, actor = await next_news(
                    self, Permission.VIEW_FLOOR, news, timeout_seconds=REFRESH_SECONDS
                )

    @rx.event
    @staff(Permission.VIEW_FLOOR)
    async def tell_all(self, actor: Actor):
        """The browser has missed something: tell it of every table."""
        room = await known_room(actor.restaurant_id)
        self.news = news_of(room.tables, known=None)

    @rx.event
    @staff(Permission.VIEW_FLOOR)
    async def choose_area(self, actor: Actor, area_id: Annotated[str, Field(max_length=36)]):
        """Enlarge one area to the stage; an empty id shows the whole room."""
        ground = (await known_room(actor.restaurant_id)).ground
        self.area_id = area_id if any(area.id == area_id for area in ground.areas) else ""
        self.view = view_of(ground.whole, ground.areas, self.area_id)

    @rx.event
    @anyone
    async def set_search(self, words: Annotated[str, Field(max_length=60)]):
        """Keep what somebody looks for; the browser compares."""
        self.search = words.strip()

    @rx.event
    @staff(Permission.VIEW_FLOOR)
    async def find(self, actor: Actor, form: dict[str, str]):
        """Open the table whose number was typed, or the only one that has the words."""
        words = form.get("words", "").strip().lower()[:60]
        room = await known_room(actor.restaurant_id)
        named = [one["id"] for one in room.ground.places if one["number"].lower() == words]
        found = named or [
            one.id for one in room.tables.views.values() if words and words in one.haystack
        ]
        if len(found) == 1:
            return TablePanelState.open_table(found[0])  # pyright: ignore[reportArgumentType] - an event
        return None

    @rx.event
    @anyone
    async def toggle_list(self):
        """Plan or list."""
        self.is_list = not self.is_list

    @rx.event
    @anyone
    async def toggle_mine(self):
        """My tables, or everybody's."""
        self.only_mine = not self.only_mine

    async def _refresh(self, actor: Actor, known: Room | None, heard: Sequence[News] = ()) -> Room:
        """Read the room again and assign what differs from what the tab was told last.

        The tab is locked only for the assigning, and its panel is read again only when what was
        heard concerns its table.
        """
        read = await read_room(actor.restaurant_id, heard)
        room = read.room
        async with self:
            self._tell(room, known)
            steps = step_views(room.steps, actor)
            if self.steps != steps:
                self.steps = steps
            self.server_now = room.read_at.isoformat()
            if not self.is_ready:
                self.is_ready = True
            chosen_id = (await self.get_state(TablePanelState)).chosen_id
        if not chosen_id or not read.concerns(chosen_id):
            return room
        card = await find_card(actor, chosen_id)
        async with self:
            panel = await self.get_state(TablePanelState)
            # Somebody may have opened another table while this one was read.
            if card is not None and panel.chosen_id == chosen_id and panel.card != card:
                panel.card = card
        return room

    def _tell(self, room: Room, known: Room | None) -> None:
        ground = room.ground
        if known is None or known.ground is not ground:
            self.areas, self.decor, self.places = ground.areas, ground.decor, ground.places
        view = view_of(ground.whole, ground.areas, self.area_id)
        if self.view != view:
            self.view = view
        if known is None or known.tables is not room.tables:
            self.news = news_of(room.tables, known=known.tables if known else None)
        was: dict[str, Any] = {**known.shown, **known.on_wall} if known else {}
        shown = {**room.shown, **room.on_wall} if self.is_wall else room.shown
        for name, value in shown.items():
            if name not in was or was[name] != value:
                setattr(self, name, value)
