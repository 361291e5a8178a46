"""What the messages screen shows, made from conversations: frozen, flat, ready for the browser."""

from dataclasses import dataclass
from datetime import datetime

from services.base import addresses
from services.base import whatsapp_texts as words
from services.base.clock import to_local
from services.base.messages_texts import GAPS, MESSAGES
from services.base.texts import clock_text, date_text, translate
from services.whatsapp.templates import Template, filled_in
from services.whatsapp.threads import Said, Talk, Thread
from state.staff.access import LANGUAGE

PREVIEW_LENGTH = 80
STATUS_ICONS = {
    "waiting": "clock",
    "sent": "check",
    "delivered": "circle-check",
    "read": "eye",
    "failed": "circle-alert",
}


@dataclass(frozen=True)
class TalkRow:
    """One line of the list."""

    id: str
    alias: str
    initial: str
    caption: str
    preview: str
    when: str
    unread: str


@dataclass(frozen=True)
class Bubble:
    """One message. `origin` is "guest", "staff" or "restaurant" (said by SmartMenu itself)."""

    key: str
    origin: str
    by: str
    kind: str
    text: str
    when: str
    status: str
    status_icon: str
    status_word: str


@dataclass(frozen=True)
class Head:
    """The guest of the open conversation, and whether they can be written to."""

    id: str = ""
    alias: str = ""
    caption: str = ""
    phone: str = ""
    phone_note: str = ""
    guest_href: str = ""
    window_seconds: int = 0
    window_text: str = ""
    closed: str = ""
    may_send_template: bool = False


@dataclass(frozen=True)
class TemplateRow:
    """A template to choose, and the names of its gaps."""

    id: str
    text: str
    fields: list[str]


def template_row(one: Template) -> TemplateRow:
    """A template as staff see it: its text, with its gaps."""
    return TemplateRow(
        id=str(one.id),
        text=filled_in(one.body, GAPS),
        fields=[f"value{number}" for number in range(1, one.places + 1)],
    )


def row(talk: Talk, *, time_zone: str, now: datetime) -> TalkRow:
    """A line of the list."""
    text = " ".join((talk.text or _kind_word(talk.kind)).split())
    return TalkRow(
        id=str(talk.id),
        alias=talk.alias,
        initial=talk.alias[:1],
        caption=_caption(talk.order_number, talk.table_number),
        preview=text if len(text) <= PREVIEW_LENGTH else f"{text[: PREVIEW_LENGTH - 1]}…",
        when=_when(talk.last_said_at, time_zone=time_zone, now=now),
        unread=str(talk.unread_count) if talk.unread_count else "",
    )


def head(thread: Thread, *, may_open_card: bool, now: datetime) -> Head:
    """The head of a conversation."""
    seconds = max(0, int((thread.window_ends_at - now).total_seconds()))
    closed = ""
    if thread.has_opted_out:
        closed = translate(LANGUAGE, MESSAGES["stopped"])
    elif not seconds:
        closed = translate(LANGUAGE, MESSAGES["closed"])
    has_card = may_open_card and thread.customer_id is not None
    note = "" if thread.is_phone_shared else translate(LANGUAGE, MESSAGES["not_shared"])
    return Head(
        id=str(thread.id),
        alias=thread.alias,
        caption=_caption(thread.order_number, thread.table_number),
        phone=thread.phone,
        phone_note=note if thread.phone else "",
        guest_href=addresses.customer(thread.customer_id or "") if has_card else "",
        window_seconds=seconds,
        window_text=f"{seconds // 3600}:{seconds // 60 % 60:02d}",
        closed=closed,
        may_send_template=bool(closed) and not thread.has_opted_out,
    )


def bubble(said: Said, *, time_zone: str, now: datetime) -> Bubble:
    """One message of the thread."""
    origin = "guest" if said.is_incoming else ("staff" if said.by else "restaurant")
    status = "" if said.is_incoming else said.status
    return Bubble(
        key=str(said.id),
        origin=origin,
        by="" if said.is_incoming else (said.by or translate(LANGUAGE, MESSAGES["you"])),
        kind="" if said.kind in {"text", "button"} or said.text else _kind_word(said.kind),
        text=said.text,
        when=_when(said.said_at, time_zone=time_zone, now=now),
        status=status,
        status_icon=STATUS_ICONS.get(status, ""),
        status_word=translate(LANGUAGE, MESSAGES[status]) if status else "",
    )


def _caption(number: int, table: str) -> str:
    message = MESSAGES["order_table"] if table else MESSAGES["order"]
    return translate(LANGUAGE, message, number=number, table=table)


def _kind_word(kind: str) -> str:
    if kind == "text":
        return ""
    return translate(LANGUAGE, words.KINDS.get(kind, words.OTHER_KIND))


def _when(moment: datetime, *, time_zone: str, now: datetime) -> str:
    """The time of today, else the day."""
    day = to_local(moment, time_zone).date()
    if day == to_local(now, time_zone).date():
        return clock_text(moment, time_zone=time_zone, language=LANGUAGE)
    return date_text(day, LANGUAGE)
