"""The screen of printed codes: what there is, what to print, what to replace."""

import secrets
from datetime import datetime
from typing import Literal
from uuid import UUID

import reflex as rx

from models.enums import CodeKind
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.code_texts import CODES
from services.base.database import reading, transaction
from services.base.errors import ConflictError, InvalidInputError
from services.base.texts import N_, page_texts, plural, translate
from services.codes import listing, making, replacing
from services.codes.errors import CodesChangedError, UnknownCodeError
from services.codes.making import CodeForm
from services.codes.types import Replaced
from services.restaurants import queries as restaurants
from state.notice import Undo, take_undo, tell, tell_with_undo
from state.staff.access import LANGUAGE, staff
from state.staff.codes_rows import CodeGroup, ShownCode, choices, groups, row
from state.staff.forms import Choice, FormData, ListedFormState, refusal


class CodesState(rx.State):
    """The list. `view` is "list" or "form"."""

    texts: dict[str, str] = {}
    is_ready: bool = False
    may_edit: bool = False
    view: str = "list"
    groups: rx.Field[list[CodeGroup]] = rx.field(default_factory=list)
    which: rx.Field[list[Choice]] = rx.field(default_factory=list)
    # Whether there is anything to print.
    has_codes: bool = False
    shows_old: bool = False
    old: rx.Field[list[ShownCode]] = rx.field(default_factory=list)
    # "3 tables have no code", or nothing.
    missing: str = ""
    # What is asked about: nothing; replacing a "code", the codes of an "area" or "all"; "retire".
    asks: str = ""
    asks_title: str = ""
    asks_text: str = ""
    _asked_id: str = ""
    _seen_at: datetime | None = None

    @rx.event
    @staff(Permission.PRINT_CODES)
    async def enter(self, actor: Actor):
        """Fill the screen."""
        self.texts = page_texts(LANGUAGE, CODES)
        self.may_edit = actor.can(Permission.EDIT_TABLES)
        self.view, self.asks = "list", ""
        await self._load(actor)
        self.is_ready = True

    @rx.event
    @staff(Permission.PRINT_CODES)
    async def show_old(self, actor: Actor, shows_old: bool):
        """Codes in use, or those that went out of use."""
        self.shows_old = shows_old
        await self._load(actor)

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def make_missing(self, actor: Actor):
        """A code for every table and area that has none."""
        async with transaction() as session:
            made = await making.ensure_codes(
                session,
                restaurant_id=actor.restaurant_id,
                now=clock.now(),
                rng=secrets.SystemRandom(),
            )
        await self._load(actor)
        await tell(self, _new_codes(len(made)), tone="ok")

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def ask_replacing(
        self, _actor: Actor, what: Literal["code", "area", "all"], subject_id: str = ""
    ):
        """Ask before printed codes stop seating guests."""
        count = self._count(what, subject_id)
        self.asks, self._asked_id = what, subject_id
        self.asks_title = plural(LANGUAGE, "Replace {count} code?", "Replace {count} codes?", count)
        self.asks_text = translate(
            LANGUAGE,
            N_(
                "Printed ones will still open the menu, but seat nobody and say that they are old."
                " Print the new ones and put them out. Guests who sit already keep their table."
            ),
        )

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def ask_retirement(self, _actor: Actor, code_id: UUID):
        """Ask before a code is taken out of use."""
        self.asks, self._asked_id = "retire", str(code_id)
        self.asks_title, self.asks_text = self.texts["retire_title"], self.texts["retire_text"]

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def keep(self, _actor: Actor):
        """Leave the codes as they are."""
        self.asks = ""

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def confirm(self, actor: Actor):
        """Do what was asked about."""
        what, subject = self.asks, self._asked_id
        self.asks = ""
        if what == "retire":
            await self._retire(actor, _id(subject))
        elif what in {"code", "area", "all"}:
            done = await self._replace(actor, what, subject)
            await self._load(actor)
            await self._tell_replaced(done)

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def restore(self, actor: Actor, code_id: UUID):
        """Take a retired code into use again."""
        async with transaction() as session:
            await making.restore_code(session, by=actor, code_id=code_id, now=clock.now())
        await self._load(actor)
        await tell(self, translate(LANGUAGE, N_("In use again")), tone="ok")

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def undo(self, actor: Actor):
        """Take back what the last notice told."""
        last = await take_undo(self)
        if last is None or last.kind not in {"codes", "code"}:
            raise CodesChangedError
        now = clock.now()
        async with transaction() as session:
            if last.kind == "codes":
                await replacing.undo_replacing(session, entry_id=last.subject_id, by=actor, now=now)
            else:
                await making.restore_code(session, by=actor, code_id=last.subject_id, now=now)
        await self._load(actor)
        await tell(self, translate(LANGUAGE, N_("The codes from before count again.")), tone="ok")

    async def _replace(self, actor: Actor, what: str, subject: str) -> Replaced:
        now, rng, whose = clock.now(), secrets.SystemRandom(), actor.restaurant_id
        async with transaction() as session:
            if what == "code":
                return await replacing.replace_code(
                    session, restaurant_id=whose, code_id=_id(subject), by=actor, now=now, rng=rng
                )
            if what == "area":
                return await replacing.replace_area(
                    session,
                    restaurant_id=whose,
                    area_id=_id(subject),
                    by=actor,
                    now=now,
                    rng=rng,
                    seen_at=self._seen_at,
                )
            return await replacing.replace_all(
                session, restaurant_id=whose, by=actor, now=now, rng=rng, seen_at=self._seen_at
            )

    async def _tell_replaced(self, done: Replaced) -> None:
        if done.entry_id is None:
            await tell(self, translate(LANGUAGE, N_("Somebody has replaced them already.")))
            return
        undo = Undo("codes", done.entry_id)
        label = translate(LANGUAGE, N_("Undo"))
        await tell_with_undo(self, _new_codes(len(done.made)), undo_label=label, undo=undo)

    async def _retire(self, actor: Actor, code_id: UUID) -> None:
        async with transaction() as session:
            await making.retire_code(session, by=actor, code_id=code_id, now=clock.now())
        await self._load(actor)
        label = translate(LANGUAGE, N_("Undo"))
        sentence = translate(LANGUAGE, N_("Retired"))
        await tell_with_undo(self, sentence, undo_label=label, undo=Undo("code", code_id))

    def _count(self, what: str, subject: str) -> int:
        if what == "code":
            return 1
        return sum(
            len(group.rows)
            for group in self.groups
            if (group.id == subject if what == "area" else group.kind != CodeKind.CAMPAIGN)
        )

    async def _load(self, actor: Actor) -> None:
        now = clock.now()
        whose = actor.restaurant_id
        async with reading() as session:
            zone = (await restaurants.get(session, whose)).time_zone
            listed = await listing.list_codes(session, restaurant_id=whose, now=now)
            missing = await listing.count_missing(session, restaurant_id=whose)
            old = (
                await listing.list_old_codes(session, restaurant_id=whose, now=now)
                if self.shows_old
                else []
            )
        self.groups = groups(listed, time_zone=zone)
        self.which = choices(self.groups)
        self.has_codes = any(group.rows for group in self.groups)
        self.old = [row(one, time_zone=zone) for one in old]
        self.missing = _missing(missing)
        self._seen_at = now


class CodeFormState(ListedFormState, rx.State):
    """The form of a code made by hand."""

    kind: str = "general"
    sections: rx.Field[list[Choice]] = rx.field(default_factory=list)
    _area_id: str = ""

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def start(
        self, actor: Actor, kind: Literal["general", "area", "campaign"], area_id: str = ""
    ):
        """Open an empty form."""
        self.kind, self._area_id = kind, area_id
        async with reading() as session:
            found = await listing.list_sections(session, restaurant_id=actor.restaurant_id)
        beginning = Choice("", translate(LANGUAGE, N_("The beginning")))
        self.sections = [beginning, *(Choice(str(key), name) for key, name in found)]
        self._start_anew()
        (await self.get_state(CodesState)).view = "form"

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def save(self, actor: Actor, form: FormData):
        """Make the code and go back to the list."""
        section = form.get("category_id", "")
        self.wrong = {}
        try:
            async with transaction() as session:
                await making.create_code(
                    session,
                    by=actor,
                    form=CodeForm(
                        kind=CodeKind(self.kind),
                        label=form.get("label", ""),
                        area_id=_id(self._area_id) if self._area_id else None,
                        category_id=_id(section) if section else None,
                    ),
                    now=clock.now(),
                    rng=secrets.SystemRandom(),
                )
        except (InvalidInputError, ConflictError) as error:
            self.wrong = refusal(error, field="label")
            return
        self.is_dirty = False
        codes = await self.get_state(CodesState)
        await codes._load(actor)  # noqa: SLF001 - the list this form belongs to
        codes.view = "list"
        await tell(self, _new_codes(1), tone="ok")

    async def _go_back(self) -> None:
        (await self.get_state(CodesState)).view = "list"


def _new_codes(count: int) -> str:
    return plural(LANGUAGE, "{count} new code", "{count} new codes", count)


def _missing(count: int) -> str:
    if count == 0:
        return ""
    return plural(LANGUAGE, "{count} table has no code.", "{count} tables have no code.", count)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise UnknownCodeError from error
