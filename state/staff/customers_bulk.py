"""Guests chosen from the list, and what is done to all of them: tag, segment, export; undo."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import reflex as rx
from pydantic import Field

from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError
from services.base.texts import N_, plural, sentence, translate
from services.customers import bulk, exporting, listing
from services.customers.asking import load_asking
from services.customers.bulk import Done
from services.customers.errors import ActionUndoneError
from services.customers.filter_options import list_segments, list_tags
from services.customers.listing import Wanted
from state.doors import anyone
from state.notice import Undo, take_undo, tell, tell_with_undo
from state.staff.access import LANGUAGE, staff
from state.staff.customers import CustomersState
from state.staff.forms import Choice, FormData

What = Literal["tag", "untag", "pin", "export"]
MAX_CHOSEN = 500
_NOTHING = {"what": "", "title": "", "note": "", "wrong": "", "count": "", "all": ""}


class CustomersBulkState(rx.State):
    """Who is chosen. `asks` is the dialog: what it asks, and what would happen."""

    chosen: rx.Field[list[str]] = rx.field(default_factory=list)
    asks: rx.Field[dict[str, str]] = rx.field(default_factory=lambda: dict(_NOTHING))
    choices: rx.Field[list[Choice]] = rx.field(default_factory=list)

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def choose(self, _actor: Actor, customer_id: UUID):
        """Choose one guest, or no longer."""
        key = str(customer_id)
        kept = [one for one in self.chosen if one != key]
        if len(kept) == len(self.chosen):
            kept = [*kept, key][-MAX_CHOSEN:]
        self._choose(kept)

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def choose_page(self, _actor: Actor):
        """Choose all rows that are shown; when all of them are, none."""
        rows = [row.id for row in (await self.get_state(CustomersState)).rows]
        others = [one for one in self.chosen if one not in set(rows)]
        has_all = len(others) + len(rows) == len(self.chosen)
        self._choose(others if has_all else [*others, *rows][-MAX_CHOSEN:])

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def choose_all(self, _actor: Actor):
        """Choose everybody who fits, however many there are."""
        self._choose(self.chosen, everybody=True)

    @rx.event
    @anyone
    async def choose_none(self):
        """Choose nobody."""
        self._choose([])

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def ask(self, actor: Actor, what: What):
        """Open the question of an action, with the number of guests it would reach."""
        if what == "export" and not actor.can(Permission.EXPORT_CUSTOMERS):
            return
        wanted = await self._wanted()
        async with reading() as session:
            asking = await load_asking(session, restaurant_id=actor.restaurant_id, now=clock.now())
            count = await listing.count(session, asking=asking, wanted=wanted)
            contacts = (
                await exporting.count_contacts(session, asking=asking, wanted=wanted)
                if what == "export" and actor.can(Permission.VIEW_CONTACTS)
                else None
            )
            self.choices = (
                [
                    Choice(key, name)
                    for key, name in await list_segments(
                        session, restaurant_id=actor.restaurant_id, language=LANGUAGE
                    )
                ]
                if what == "pin"
                else [
                    Choice(tag, tag)
                    for tag in await list_tags(session, restaurant_id=actor.restaurant_id)
                ]
            )
        self.asks = _NOTHING | {
            "what": what,
            "all": self.asks["all"],
            "count": self.asks["count"],
            "title": _title(what, count),
            "note": _contacts(contacts) if contacts is not None else "",
        }

    @rx.event
    @anyone
    async def close_question(self):
        """Do nothing."""
        self.asks = self.asks | {"what": "", "wrong": "", "note": ""}

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def check_tag(self, actor: Actor, text: Annotated[str, Field(max_length=200)]):
        """Say how many have a tag already."""
        wanted = await self._wanted()
        async with reading() as session:
            asking = await load_asking(session, restaurant_id=actor.restaurant_id, now=clock.now())
            found = await bulk.preview_tag(
                session, asking=asking, wanted=wanted, tag=" ".join(text.split())
            )
        note = (
            plural(
                LANGUAGE, "{count} has it already.", "{count} have it already.", found.already_count
            )
            if found.already_count
            else ""
        )
        self.asks = self.asks | {
            "note": " ".join(words for words in (note, _full(found.full_count)) if words),
            "wrong": "",
        }

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def do(self, actor: Actor, form: FormData):
        """Do what the question asked, for everybody who is chosen."""
        what = self.asks["what"]
        wanted = await self._wanted()
        now = clock.now()
        try:
            async with transaction() as session:
                asking = await load_asking(session, restaurant_id=actor.restaurant_id, now=now)
                if what == "tag":
                    done = await bulk.add_tag(
                        session, by=actor, asking=asking, wanted=wanted, tag=form.get("tag", "")
                    )
                elif what == "untag":
                    done = await bulk.remove_tag(
                        session, by=actor, asking=asking, wanted=wanted, tag=form.get("tag", "")
                    )
                elif what == "pin":
                    done = await bulk.pin(
                        session,
                        by=actor,
                        asking=asking,
                        wanted=wanted,
                        segment=form.get("segment", ""),
                        until=_day(form.get("until", "")),
                    )
                else:
                    return
        except InvalidInputError as error:
            self.asks = self.asks | {"wrong": sentence(LANGUAGE, error)}
            return
        self._choose([])
        await (await self.get_state(CustomersState))._again(actor)  # noqa: SLF001 - the list
        await tell_with_undo(
            self,
            _told(what, done),
            undo_label=translate(LANGUAGE, N_("Undo")),
            undo=Undo("customers", done.action_id),
        )

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def undo(self, actor: Actor):
        """Take back what the last notice told."""
        last = await take_undo(self)
        if last is None or last.kind != "customers":
            raise ActionUndoneError
        async with transaction() as session:
            undone = await bulk.undo(session, by=actor, action_id=last.subject_id, now=clock.now())
        await (await self.get_state(CustomersState))._again(actor)  # noqa: SLF001 - the list
        told = plural(
            LANGUAGE,
            "Undone for {count} guest.",
            "Undone for {count} guests.",
            undone.changed_count,
        )
        if undone.left_count > 0:
            told += " " + plural(
                LANGUAGE,
                "{count} was changed since and stays as it is.",
                "{count} were changed since and stay as they are.",
                undone.left_count,
            )
        await tell(self, told, tone="ok")

    async def _wanted(self) -> Wanted:
        """Whom an action reaches: everybody who fits, or the rows that were chosen."""
        shown = (await self.get_state(CustomersState))._wanted()  # noqa: SLF001 - the list
        if self.asks["all"]:
            return shown
        # Rows stay chosen when the filter changes; they are no longer narrowed by it.
        return Wanted(chosen=tuple(UUID(one) for one in self.chosen))

    def _choose(self, chosen: list[str], *, everybody: bool = False) -> None:
        self.chosen = chosen
        words = plural(LANGUAGE, "{count} chosen", "{count} chosen", len(chosen))
        self.asks = _NOTHING | {"all": "yes" if everybody else "", "count": words}


def _title(what: What, count: int) -> str:
    match what:
        case "tag":
            return plural(LANGUAGE, "Tag {count} guest", "Tag {count} guests", count)
        case "untag":
            return plural(
                LANGUAGE,
                "Remove a tag from {count} guest",
                "Remove a tag from {count} guests",
                count,
            )
        case "pin":
            return plural(
                LANGUAGE, "Add {count} guest to a segment", "Add {count} guests to a segment", count
            )
        case "export":
            return plural(LANGUAGE, "Export {count} guest", "Export {count} guests", count)


def _told(what: str, done: Done) -> str:
    match what:
        case "tag":
            told = plural(
                LANGUAGE, "{count} guest tagged", "{count} guests tagged", done.changed_count
            )
            return f"{told}. {_full(done.full_count)}" if done.full_count else told
        case "untag":
            return plural(
                LANGUAGE,
                "Tag removed from {count} guest",
                "Tag removed from {count} guests",
                done.changed_count,
            )
        case _:
            return plural(
                LANGUAGE,
                "{count} guest added to the segment",
                "{count} guests added to the segment",
                done.changed_count,
            )


def _full(count: int) -> str:
    """How many have no room for another tag, in words."""
    if not count:
        return ""
    return plural(
        LANGUAGE,
        "{count} has 30 tags, as many as fit, and is left out.",
        "{count} have 30 tags, as many as fit, and are left out.",
        count,
    )


def _contacts(found: exporting.Contacts) -> str:
    """Whose contact details a file would hold, in words."""
    told: list[str] = []
    if found.shared_count:
        told.append(
            plural(
                LANGUAGE,
                "{count} guest has given contact details and shares them.",
                "{count} guests have given contact details and share them.",
                found.shared_count,
            )
        )
    if found.withheld_count:
        told.append(
            plural(
                LANGUAGE,
                "{count} guest does not share theirs: these cells stay empty and say why.",
                "{count} guests do not share theirs: these cells stay empty and say why.",
                found.withheld_count,
            )
        )
    return " ".join(told)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        msg = N_("That is not a day.")
        raise InvalidInputError(msg, field="until") from error
