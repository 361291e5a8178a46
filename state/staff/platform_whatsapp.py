"""The operator's page about the WhatsApp number."""

from dataclasses import dataclass

import reflex as rx

from services.accounts.types import Actor, Permission
from services.base import addresses, clock
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError, UnavailableError
from services.base.platform_texts import CHECKS, PLATFORM, PULLED, SEEN
from services.base.settings import settings
from services.base.texts import date_text, page_texts, translate
from services.whatsapp import checking, shapes, templates
from services.whatsapp.checking import Finding
from state.notice import tell
from state.staff.access import LANGUAGE, staff
from state.staff.forms import Choice, FormData, refusal


@dataclass(frozen=True)
class Line:
    """One line of a list: what, how it is, what to do."""

    key: str
    label: str
    text: str
    note: str
    tone: str


class PlatformWhatsAppState(rx.State):
    """What the operator sees. Secrets come one at a time, when asked for."""

    texts: dict[str, str] = {}
    is_ready: bool = False
    address: str = ""
    token: str = ""
    settings: rx.Field[list[Line]] = rx.field(default_factory=list)
    checks: rx.Field[list[Line]] = rx.field(default_factory=list)
    templates: rx.Field[list[Line]] = rx.field(default_factory=list)
    shapes: rx.Field[list[Line]] = rx.field(default_factory=list)
    queue: rx.Field[list[Line]] = rx.field(default_factory=list)
    choices: rx.Field[dict[str, list[Choice]]] = rx.field(default_factory=dict)
    wrong: dict[str, str] = {}
    form_number: int = 0

    @rx.event
    @staff(Permission.OPERATE)
    async def enter(self, _actor: Actor):
        """Show how the number is set up."""
        self.texts = page_texts(LANGUAGE, PLATFORM)
        self.token, self.checks, self.wrong = "", [], {}
        self.address = addresses.absolute(addresses.WHATSAPP_WEBHOOK)
        self.settings = [_setting(name) for name in checking.NEEDED]
        self.choices = {
            "category": [Choice(one, one) for one in templates.CATEGORIES],
            "status": [Choice(one, one) for one in templates.STATUSES],
        }
        await self._read()
        self.is_ready = True

    @rx.event
    @staff(Permission.OPERATE)
    async def show_token(self, _actor: Actor):
        """Show the verify token, to be copied."""
        self.token = settings().whatsapp_verify_token

    @rx.event
    @staff(Permission.OPERATE)
    async def check(self, _actor: Actor):
        """Look at everything that can be wrong."""
        async with reading() as session:
            found = await checking.examine(session, now=clock.now())
        self.checks = [_finding(one) for one in found]
        await self._read()

    @rx.event
    @staff(Permission.OPERATE)
    async def send_test(self, _actor: Actor, form: FormData):
        """Send a message to the operator's own phone."""
        self.wrong = {}
        try:
            await checking.send_test(form.get("number", ""))
        except (InvalidInputError, UnavailableError) as error:
            self.wrong = refusal(error, field="number")
            return
        await tell(self, translate(LANGUAGE, PLATFORM["sent"]), tone="ok")

    @rx.event
    @staff(Permission.OPERATE)
    async def pull(self, _actor: Actor):
        """Fetch the templates from Meta."""
        told = await checking.pull_templates()
        async with transaction() as session:
            count = await templates.keep_pulled(session, told=told, now=clock.now())
        await self._read()
        await tell(self, translate(LANGUAGE, PULLED, count=count), tone="ok")

    @rx.event
    @staff(Permission.OPERATE)
    async def save_template(self, _actor: Actor, form: FormData):
        """Write a template down by hand."""
        self.wrong = {}
        names = ("name", "language", "category", "status", "body")
        try:
            async with transaction() as session:
                await templates.enter(
                    session, **{name: form.get(name, "") for name in names}, now=clock.now()
                )
        except InvalidInputError as error:
            self.wrong = refusal(error)
            return
        self.form_number += 1
        await self._read()

    async def _read(self) -> None:
        async with reading() as session:
            kept = await templates.list_templates(session)
            unknown = await shapes.load_shapes(session)
            queue = await checking.count_queue(session)
        self.templates = [
            Line(
                str(one.id),
                f"{one.name} · {one.language}",
                one.body,
                f"{one.category} · {one.status}",
                "ok" if one.status == templates.APPROVED else "warn",
            )
            for one in kept
        ]
        self.shapes = [
            Line(
                f"{one.kind}:{hash(one.shape)}",
                one.kind,
                one.shape,
                translate(
                    LANGUAGE,
                    SEEN,
                    count=one.seen_count,
                    when=date_text(one.last_at.date(), LANGUAGE),
                ),
                "",
            )
            for one in unknown
        ]
        self.queue = [
            _counted("to_send", queue.to_send, is_bad=False),
            _counted("given_up", queue.given_up, is_bad=True),
            _counted("to_work", queue.to_work, is_bad=False),
            _counted("stuck", queue.stuck, is_bad=True),
        ]


def _setting(name: str) -> Line:
    is_set = bool(getattr(settings(), name))
    word = PLATFORM["is_set" if is_set else "is_missing"]
    return Line(name, checking.variable(name), translate(LANGUAGE, word), "", _tone(is_set))


def _finding(one: Finding) -> Line:
    facts = dict(one.facts or {})
    return Line(
        one.name,
        translate(LANGUAGE, CHECKS[one.name]),
        translate(LANGUAGE, one.found, **facts),
        translate(LANGUAGE, one.to_do) if one.to_do else "",
        _tone(one.is_good),
    )


def _counted(name: str, count: int, *, is_bad: bool) -> Line:
    tone = "bad" if is_bad and count else ""
    return Line(name, translate(LANGUAGE, PLATFORM[name]), f"{count:,}", "", tone)


def _tone(is_good: bool) -> str:
    return "ok" if is_good else "bad"
