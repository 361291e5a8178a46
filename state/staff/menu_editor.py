"""The menu's screen: the list with its sold-out switches, order and archive.

The forms have states of their own.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Literal
from uuid import UUID

import reflex as rx

from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.owner_texts import MENU
from services.base.texts import N_, page_texts, translate
from services.menu import availability, categories, dishes, groups
from services.menu.drafts import MenuChange
from services.menu.editing import no_such_part
from services.menu.editor import EditorMenu, load_editor_menu
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from state.doors import anyone
from state.notice import Undo, take_undo, tell, tell_with_undo
from state.staff.access import LANGUAGE, next_news, staff, staff_background
from state.staff.menu_rows import (
    ArchivedRow,
    CategoryRow,
    GroupRow,
    archived_rows,
    category_rows,
    group_rows,
    summary_text,
)

# Dishes sold out until an hour come back without anybody's doing.
REFRESH_SECONDS = 30
Kind = Literal["category", "dish", "group"]
_ARCHIVE: dict[str, tuple[Callable[..., Awaitable[MenuChange]], str]] = {
    "category": (categories.archive_category, "category_id"),
    "dish": (dishes.archive_dish, "dish_id"),
    "group": (groups.archive_group, "group_id"),
}
_RESTORE: dict[str, tuple[Callable[..., Awaitable[MenuChange]], str]] = {
    "category": (categories.restore_category, "category_id"),
    "dish": (dishes.restore_dish, "dish_id"),
    "group": (groups.restore_group, "group_id"),
}


class MenuEditorState(rx.State):
    """The lists. `view` names the one shown, or the form: "dish", "category", "group"."""

    texts: dict[str, str] = {}
    is_ready: bool = False
    may_edit: bool = False
    view: str = "dishes"
    search: str = ""
    summary: str = ""
    categories: rx.Field[list[CategoryRow]] = rx.field(default_factory=list)
    groups: rx.Field[list[GroupRow]] = rx.field(default_factory=list)
    archived: rx.Field[list[ArchivedRow]] = rx.field(default_factory=list)

    @rx.event(background=True)
    @staff_background(Permission.SWITCH_SOLD_OUT)
    async def live(self, actor: Actor):
        """Show the menu and follow every change of it until the screen closes."""
        async with live.subscribe([live.menu_topic(actor.restaurant_id)]) as news:
            while True:
                menu, restaurant = await load(actor)
                async with self:
                    self.texts = page_texts(LANGUAGE, MENU)
                    self.may_edit = actor.can(Permission.EDIT_MENU)
                    self._show(menu, restaurant)
                    self.is_ready = True
                _, actor = await next_news(
                    self, Permission.SWITCH_SOLD_OUT, news, timeout_seconds=REFRESH_SECONDS
                )

    @rx.event
    @staff(Permission.SWITCH_SOLD_OUT)
    async def find(self, actor: Actor, text: str):
        """Show only what holds a text: in its own words, or in those of its section or question."""
        self.search = text[:80]
        self._show(*await load(actor))

    @rx.event
    @staff(Permission.SWITCH_SOLD_OUT)
    async def set_sold_out(self, actor: Actor, dish_id: UUID, is_sold_out: bool):
        """Switch a dish off or on; open phones show it at once."""
        async with transaction() as session:
            change = await availability.set_sold_out(
                session,
                actor=actor,
                dish_id=dish_id,
                is_sold_out=is_sold_out,
                until_at=None,
                now=clock.now(),
            )
        await self._changed(actor, change)

    @rx.event
    @staff(Permission.SWITCH_SOLD_OUT)
    async def set_answer_sold_out(self, actor: Actor, modifier_id: UUID, is_sold_out: bool):
        """Switch one answer off or on, in every dish that asks for it."""
        async with transaction() as session:
            change = await availability.set_modifier_sold_out(
                session,
                actor=actor,
                modifier_id=modifier_id,
                is_sold_out=is_sold_out,
                now=clock.now(),
            )
        await self._changed(actor, change)

    @rx.event
    @anyone
    async def look_at(self, view: Literal["dishes", "groups", "archive"]):
        """Turn to another list."""
        self.view = view

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def move_category(self, actor: Actor, category_id: UUID, by: Literal[-1, 1]):
        """Move a section one place up or down."""
        async with transaction() as session:
            menu = await load_editor_menu(session, restaurant_id=actor.restaurant_id)
            ids = moved([c.id for c in menu.categories if c.is_active], category_id, by)
            change = await categories.reorder_categories(
                session, actor=actor, category_ids=ids, now=clock.now()
            )
        await self._changed(actor, change)

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def move_dish(self, actor: Actor, dish_id: UUID, by: Literal[-1, 1]):
        """Move a dish one place up or down in its section."""
        async with transaction() as session:
            menu = await load_editor_menu(session, restaurant_id=actor.restaurant_id)
            dish = menu.find_dish(dish_id)
            section = menu.find_category(dish.category_id) if dish else None
            if section is None:
                raise no_such_part()
            ids = moved([d.id for d in section.dishes if d.is_active], dish_id, by)
            change = await dishes.reorder_dishes(
                session, actor=actor, category_id=section.id, dish_ids=ids, now=clock.now()
            )
        await self._changed(actor, change)

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def move_group(self, actor: Actor, group_id: UUID, by: Literal[-1, 1]):
        """Move a question one place up or down in the list."""
        async with transaction() as session:
            menu = await load_editor_menu(session, restaurant_id=actor.restaurant_id)
            ids = moved([g.id for g in menu.groups if g.is_active], group_id, by)
            change = await groups.reorder_groups(
                session, actor=actor, group_ids=ids, now=clock.now()
            )
        await self._changed(actor, change)

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def archive(self, actor: Actor, kind: Kind, part_id: UUID):
        """Take a section, dish or question off the menu, with undo."""
        await self._apply(_ARCHIVE[kind], actor, part_id)
        await tell_with_undo(
            self,
            translate(LANGUAGE, N_("Taken off the menu")),
            undo_label=translate(LANGUAGE, N_("Undo")),
            undo=Undo(kind, part_id),
        )

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def undo(self, actor: Actor):
        """Put back what was just taken off."""
        undo = await take_undo(self)
        if undo is not None and undo.kind in _RESTORE:
            await self._apply(_RESTORE[undo.kind], actor, undo.subject_id)

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def restore(self, actor: Actor, kind: Kind, part_id: UUID):
        """Put something archived back."""
        await self._apply(_RESTORE[kind], actor, part_id)
        await tell(self, translate(LANGUAGE, N_("Back on the menu")), tone="ok")

    async def _apply(
        self, use: tuple[Callable[..., Awaitable[MenuChange]], str], actor: Actor, part_id: UUID
    ) -> None:
        change_part, id_name = use
        async with transaction() as session:
            change = await change_part(session, actor=actor, now=clock.now(), **{id_name: part_id})
        self.view = {"dish": "dishes", "category": "dishes", "group": "groups"}.get(
            self.view, self.view
        )
        await self._changed(actor, change)

    async def _changed(self, actor: Actor, change: MenuChange) -> None:
        await publish(change)
        self._show(*await load(actor))

    def _show(self, menu: EditorMenu, restaurant: RestaurantInfo) -> None:
        now = clock.now()
        fresh: dict[str, Any] = {
            "categories": category_rows(menu, restaurant=restaurant, search=self.search, now=now),
            "groups": group_rows(menu, restaurant=restaurant, search=self.search),
            "summary": summary_text(menu, now=now),
        }
        if self.may_edit:
            fresh["archived"] = archived_rows(menu, restaurant=restaurant)
        for name, value in fresh.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


async def load(actor: Actor) -> tuple[EditorMenu, RestaurantInfo]:
    """The menu and the restaurant of whoever acts."""
    async with reading() as session:
        restaurant = await restaurants.get(session, actor.restaurant_id)
        return await load_editor_menu(session, restaurant_id=actor.restaurant_id), restaurant


async def publish(change: MenuChange) -> None:
    """Tell every open menu that it has changed; call it after the commit."""
    await live.publish([live.menu_topic(change.restaurant_id)], "menu")


def moved(ids: list[UUID], moving: UUID, by: int) -> list[UUID]:
    """A list with one entry a place up (-1) or down (1); at an end it stays as it is.

    Raises:
        NoSuchMenuPart: the entry is not in the list.
    """
    if moving not in ids:
        raise no_such_part()
    here = ids.index(moving)
    there = min(max(here + by, 0), len(ids) - 1)
    ids[here], ids[there] = ids[there], ids[here]
    return ids
