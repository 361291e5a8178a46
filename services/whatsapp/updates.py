"""What a webhook of the Cloud API tells, in our words. Whatever it does not know is kept as such.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples; an envelope holds
entries, an entry changes, a change messages and statuses, up to 1,000 together.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

TEXT_LENGTH = 4096
# As long as WhatsApp's ids may be.
_ID_LENGTH = 128
_LISTS = ("messages", "statuses", "user_id_update", "contacts")


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of a guest.

    `user_id` or `phone` may be empty, never both. `text` is what was written or the title of a
    button; `reply_id` the id of the button that was pressed. `said_at` is WhatsApp's own time,
    `context_id` WhatsApp's id of the message this one replies to.
    """

    external_id: str
    user_id: str
    phone: str
    kind: str
    text: str
    reply_id: str
    said_at: datetime | None
    context_id: str = ""


@dataclass(frozen=True, slots=True)
class StatusChange:
    """How far a message of ours has come: sent, delivered, read or failed."""

    external_id: str
    status: str
    error_code: int | None


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """A person has another user id now, as after a change of their number."""

    before: str
    after: str
    phone: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A shape nobody here knows: named for the operator, never an error."""

    kind: str


@dataclass(frozen=True, slots=True)
class TemplateChange:
    """Meta has looked at a template of ours, or changed its mind."""

    name: str
    language: str
    status: str


Update = Incoming | StatusChange | NewIdentity | TemplateChange | Unknown


def read(body: bytes) -> list[Update]:
    """Everything a webhook tells, in its order.

    Args:
        body: as it was signed; broken JSON is one unknown update.
    """
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        return [Unknown("no_json")]
    updates = list(_of_envelope(envelope))
    return updates or [Unknown("empty")]


def apart(body: bytes, *, most: int) -> list[bytes]:
    """A webhook as several, each with no more updates than `most`: together they tell the same.

    Args:
        body: one that tells something.
        most: updates in one of them.
    """
    envelope = _map(json.loads(body))
    changes = [
        one
        for entry in _maps(envelope.get("entry"))
        for change in _maps(entry.get("changes"))
        for one in _one_by_one(change)
    ]
    about = {"object": envelope.get("object")}
    return [
        json.dumps(about | {"entry": [{"changes": changes[begin : begin + most]}]}).encode()
        for begin in range(0, len(changes), most)
    ]


def _one_by_one(change: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    value, field = _map(change.get("value")), change.get("field")
    contacts = list(_maps(value.get("contacts")))
    around = {name: told for name, told in value.items() if name not in _LISTS}
    alone: list[dict[str, Any]] = []
    for name in _LISTS[:-1]:
        for one in _maps(value.get(name)):
            whose = _contact(one, contacts) if name == "messages" else None
            alone.append(around | {name: [one], "contacts": [whose] if whose else []})
    if not alone or field == "message_template_status_update":
        alone.append(around)
    yield from ({"field": field, "value": one} for one in alone)


def _of_envelope(envelope: object) -> Iterator[Update]:
    for entry in _maps(_map(envelope).get("entry")):
        for change in _maps(entry.get("changes")):
            yield from _of_change(change)


def _of_change(change: Mapping[str, Any]) -> Iterator[Update]:
    value, field = _map(change.get("value")), _text(change.get("field")) or "messages"
    contacts = list(_maps(value.get("contacts")))
    messages, statuses = list(_maps(value.get("messages"))), list(_maps(value.get("statuses")))
    for message in messages:
        yield _message(message, contacts)
    for status in statuses:
        yield _status(status)
    if field == "message_template_status_update":
        yield _template(value)
    elif field == "user_id_update":
        for one in _maps(value.get("user_id_update")):
            yield _identity(_map(one.get("user_id")), one)
    elif not messages and not statuses:
        yield Unknown(field[:20])


def _message(message: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]]) -> Update:
    external_id, kind = _text(message.get("id")), _text(message.get("type")) or "unknown"
    phone = _text(message.get("from"))
    contact = _contact(message, contacts)
    user_id = _text(message.get("from_user_id")) or _text(contact.get("user_id"))
    phone = phone or _text(contact.get("wa_id"))
    if not external_id or len(external_id) > _ID_LENGTH or not (user_id or phone):
        return Unknown(kind[:20])
    if kind == "system":
        told = _map(message.get("system"))
        after, number = _text(told.get("user_id")), _text(told.get("wa_id"))
        if not after and not number:
            # As "customer_identity_changed": they are who they were.
            return Unknown(kind)
        return NewIdentity(before=user_id or phone, after=after or number, phone=number)
    text, reply_id = _said(kind, message)
    return Incoming(
        external_id=external_id,
        user_id=user_id,
        phone=phone,
        kind=kind[:20],
        text=text[:TEXT_LENGTH],
        reply_id=reply_id[:256],
        said_at=_moment(message.get("timestamp")),
        context_id=_text(_map(message.get("context")).get("id"))[:_ID_LENGTH],
    )


def _contact(
    message: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any]:
    phone = _text(message.get("from"))
    found = next((one for one in contacts if phone and one.get("wa_id") == phone), None)
    return found or (contacts[0] if len(contacts) == 1 else {})


def _said(kind: str, message: Mapping[str, Any]) -> tuple[str, str]:
    """The words of a message and the button they came from."""
    part = _map(message.get(kind))
    if kind == "text":
        return _text(part.get("body")), ""
    if kind == "button":
        return _text(part.get("text")), _text(part.get("payload"))
    if kind == "interactive":
        for name in ("button_reply", "list_reply"):
            reply = _map(part.get(name))
            if reply:
                return _text(reply.get("title")), _text(reply.get("id"))
        return "", ""
    if kind == "location":
        where = [_text(part.get(name)) for name in ("name", "address")]
        spot = f"{part.get('latitude')}, {part.get('longitude')}"
        # Names of places are not unique: whoever brings something needs the spot.
        return ", ".join([one for one in [*where, spot] if one]), ""
    return _text(part.get("caption")), ""


def _status(status: Mapping[str, Any]) -> Update:
    external_id, name = _text(status.get("id")), _text(status.get("status"))
    if not external_id or not name:
        return Unknown("status")
    errors = [_map(one).get("code") for one in _maps(status.get("errors"))]
    code = next((one for one in errors if isinstance(one, int)), None)
    return StatusChange(external_id=external_id[:_ID_LENGTH], status=name, error_code=code)


def _identity(change: Mapping[str, Any], around: Mapping[str, Any]) -> Update:
    before, after = _text(change.get("previous")), _text(change.get("current"))
    if not before or not after:
        return Unknown("user_id_update")
    return NewIdentity(before=before, after=after, phone=_text(around.get("wa_id")))


def _template(value: Mapping[str, Any]) -> Update:
    name = _text(value.get("message_template_name"))
    language, status = _text(value.get("message_template_language")), _text(value.get("event"))
    if not name or not language or not status:
        return Unknown("template_status")
    return TemplateChange(name=name[:120], language=language[:15], status=status.upper()[:20])


def _moment(told: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(str(told)), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _map(value: object) -> Mapping[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _maps(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        for one in cast("list[object]", value):
            if isinstance(one, dict):
                yield cast("dict[str, Any]", one)


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    # PostgreSQL keeps no NUL, and nothing keeps half of an emoji that was cut in two.
    return value.replace("\x00", "").encode(errors="replace").decode().strip()
