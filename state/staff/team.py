"""The team's screen: who may log in, with which role; and everybody's own password."""

import secrets
from dataclasses import dataclass
from uuid import UUID

import reflex as rx
from babel.dates import format_datetime

from models.enums import Role
from services import live
from services.accounts import passwords, queries, team
from services.accounts.errors import EmailInUseError
from services.accounts.first_passwords import new_first_password
from services.accounts.own_password import change_own_password
from services.accounts.queries import Member
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError, NotFoundError
from services.base.owner_texts import TEAM
from services.base.texts import N_, page_texts, translate
from services.restaurants import queries as restaurants
from state.notice import tell
from state.staff.access import LANGUAGE, staff
from state.staff.forms import Choice, FormData, refusal
from state.staff.frame import ROLE_NAMES

# Every role has it: the door of what anybody who is logged in may do.
ANY_ROLE = Permission.VIEW_ORDERS
SESSION_ENDED = "session_ended"


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One person as the list shows them."""

    id: str
    name: str
    email: str
    initials: str
    role: str
    role_name: str
    last_login: str
    is_you: bool


class TeamState(rx.State):
    """The list, the drawer of one person or of a new one, and the own password's form."""

    texts: dict[str, str] = {}
    members: rx.Field[list[MemberRow]] = rx.field(default_factory=list)
    roles: rx.Field[list[Choice]] = rx.field(default_factory=list)
    may_edit: bool = False
    is_ready: bool = False
    is_adding: bool = False
    open_id: str = ""
    open_member: rx.Field[MemberRow] = rx.field(
        default_factory=lambda: MemberRow("", "", "", "", "", "", "", is_you=False)
    )
    asks_removal: bool = False
    # A password that was just made: shown until the drawer closes, stored nowhere.
    shown_password: str = ""
    wrong: dict[str, str] = {}
    own_wrong: dict[str, str] = {}
    own_form: int = 0

    @rx.event
    @staff(ANY_ROLE)
    async def enter(self, actor: Actor):
        """Fill the screen; people who may not edit the team see their own password's form."""
        self.texts = page_texts(LANGUAGE, TEAM)
        self.may_edit = actor.can(Permission.EDIT_TEAM)
        await self._load(actor)
        self.is_ready = True

    @rx.event
    @staff(Permission.EDIT_TEAM)
    async def start_adding(self, _actor: Actor):
        """Open the drawer for a new person."""
        self._close()
        self.is_adding = True

    @rx.event
    @staff(Permission.EDIT_TEAM)
    async def open_person(self, _actor: Actor, user_id: UUID):
        """Open the drawer of one person."""
        self._close()
        self._show(str(user_id))

    @rx.event
    @staff(ANY_ROLE)
    async def close(self, _actor: Actor):
        """Close the drawer; a password shown there is gone."""
        self._close()

    @rx.event
    @staff(Permission.EDIT_TEAM)
    async def add(self, actor: Actor, form: FormData):
        """Add a person and show their first password, once."""
        self.wrong = {}
        try:
            role = _role(form)
            password = new_first_password(secrets.SystemRandom())
            hashed = await passwords.hash_new(password, email=form.get("email", ""))
            async with transaction() as session:
                change = await team.add_member(
                    session,
                    by=actor,
                    email=form.get("email", ""),
                    name=form.get("name", ""),
                    role=role,
                    password=hashed,
                    now=clock.now(),
                )
        except InvalidInputError as error:
            self.wrong = refusal(error)
            return
        except EmailInUseError as error:
            self.wrong = refusal(error, field="email")
            return
        await self._load(actor)
        self.is_adding = False
        self._show(str(change.user_id))
        self.shown_password = password

    @rx.event
    @staff(Permission.EDIT_TEAM)
    async def change_role(self, actor: Actor, form: FormData):
        """Give the person of the drawer another role."""
        async with transaction() as session:
            await team.change_role(
                session, by=actor, user_id=self._person(), role=_role(form), now=clock.now()
            )
        self.may_edit = await self._still_may_edit(actor)
        await self._load(actor)
        await tell(self, translate(LANGUAGE, N_("Saved")), tone="ok")

    @rx.event
    @staff(Permission.EDIT_TEAM)
    async def make_password(self, actor: Actor):
        """Replace a forgotten password and show the new one, once."""
        password = new_first_password(secrets.SystemRandom())
        hashed = await passwords.hash_new(password, email=self.open_member.email)
        async with transaction() as session:
            change = await team.set_password(
                session, by=actor, user_id=self._person(), password=hashed, now=clock.now()
            )
        await live.publish(change.topics, SESSION_ENDED)
        self.shown_password = password

    @rx.event
    @staff(Permission.EDIT_TEAM)
    async def ask_removal(self, _actor: Actor):
        """Ask before somebody is taken out of the team."""
        self.asks_removal = bool(self.open_id)

    @rx.event
    @staff(ANY_ROLE)
    async def keep(self, _actor: Actor):
        """Leave everything as it is."""
        self.asks_removal = False

    @rx.event
    @staff(Permission.EDIT_TEAM)
    async def remove(self, actor: Actor):
        """Take the person of the drawer out of the team."""
        self.asks_removal = False
        name = self.open_member.name
        async with transaction() as session:
            change = await team.deactivate(
                session, by=actor, user_id=self._person(), now=clock.now()
            )
        await live.publish(change.topics, SESSION_ENDED)
        self._close()
        await self._load(actor)
        await tell(self, translate(LANGUAGE, N_("{name} can no longer log in."), name=name))

    @rx.event
    @staff(ANY_ROLE)
    async def change_own(self, actor: Actor, form: FormData):
        """Change one's own password."""
        self.own_wrong = {}
        try:
            change = await change_own_password(
                by=actor,
                current=form.get("current", ""),
                new=form.get("password", ""),
                now=clock.now(),
            )
        except InvalidInputError as error:
            self.own_wrong = refusal(error)
            return
        await live.publish(change.topics, SESSION_ENDED)
        self.own_form += 1
        await tell(self, translate(LANGUAGE, N_("Your password is changed.")), tone="ok")

    async def _load(self, actor: Actor) -> None:
        if not self.may_edit:
            self.members, self.roles = [], []
            return
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            found = await queries.list_members(session, restaurant_id=actor.restaurant_id)
        self.members = [_row(m, actor, restaurant.time_zone) for m in found]
        self.roles = [
            Choice(role.value, translate(LANGUAGE, ROLE_NAMES[role]))
            for role in Role
            if role is not Role.OWNER or actor.role is Role.OWNER
        ]
        self._show(self.open_id)

    def _show(self, user_id: str) -> None:
        found = next((m for m in self.members if m.id == user_id), None)
        self.open_id = found.id if found else ""
        if found:
            self.open_member = found

    def _close(self) -> None:
        self.is_adding, self.open_id, self.asks_removal = False, "", False
        self.shown_password = ""
        self.wrong = {}

    def _person(self) -> UUID:
        if not self.open_id:
            msg = N_("This person is not of your team.")
            raise NotFoundError(msg)
        return UUID(self.open_id)

    async def _still_may_edit(self, actor: Actor) -> bool:
        async with reading() as session:
            found = await queries.list_members(session, restaurant_id=actor.restaurant_id)
        own = next((m for m in found if m.user_id == actor.user_id), None)
        return own is not None and own.role in {Role.OWNER, Role.MANAGER}


def _role(form: FormData) -> Role:
    try:
        return Role(form.get("role", ""))
    except ValueError as error:
        msg = N_("Choose a role.")
        raise InvalidInputError(msg, field="role") from error


def _row(member: Member, actor: Actor, time_zone: str) -> MemberRow:
    last = member.last_login_at
    return MemberRow(
        id=str(member.user_id),
        name=member.name,
        email=member.email,
        initials="".join(part[0] for part in member.name.split()[:2]).upper(),
        role=member.role.value,
        role_name=translate(LANGUAGE, ROLE_NAMES[member.role]),
        last_login=(
            format_datetime(clock.to_local(last, time_zone), "d MMM, HH:mm", locale=LANGUAGE)
            if last
            else translate(LANGUAGE, N_("never"))
        ),
        is_you=member.user_id == actor.user_id,
    )
