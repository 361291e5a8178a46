"""Reading webhooks: every shape of the reference, and everything else without an error."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from services.whatsapp import tokens
from services.whatsapp.senders import masked
from services.whatsapp.updates import Incoming, NewIdentity, StatusChange, Unknown, apart, read
from tests.whatsapp import envelope, message

USER = "DE.1a2b3c"
AT = datetime(2026, 5, 13, 19, 30, tzinfo=UTC)


def _only(value: dict[str, Any]) -> object:
    (update,) = read(json.dumps(envelope(value)).encode())
    return update


@pytest.mark.parametrize(
    ("kind", "part", "text", "reply_id"),
    [
        ("text", {"body": " Order SM-ACDEF-GHJKM \x00"}, "Order SM-ACDEF-GHJKM", ""),
        ("button", {"text": "Yes", "payload": "share:1:yes"}, "Yes", "share:1:yes"),
        (
            "interactive",
            {"type": "button_reply", "button_reply": {"id": "b", "title": "No, keep it"}},
            "No, keep it",
            "b",
        ),
        (
            "interactive",
            {"type": "list_reply", "list_reply": {"id": "l", "title": "Row"}},
            "Row",
            "l",
        ),
        ("interactive", {"type": "nfm_reply", "nfm_reply": {"response_json": "{}"}}, "", ""),
        ("location", {"latitude": 52.5, "longitude": 13.4}, "52.5, 13.4", ""),
        (
            "location",
            {"latitude": 1, "longitude": 2, "name": "Home", "address": "Weg 1"},
            "Home, Weg 1, 1, 2",
            "",
        ),
        ("image", {"id": "77", "caption": "look"}, "look", ""),
        ("reaction", {"message_id": "wamid.1", "emoji": "👍"}, "", ""),
        ("order", {"product_items": []}, "", ""),
        ("contacts", [{"name": {}}], "", ""),
        ("unsupported", None, "", ""),
    ],
)
def test_every_type_of_message_is_read(kind: str, part: object, text: str, reply_id: str) -> None:
    told = message(kind, part, user_id=USER, phone="4930901820", at=AT)
    assert _only({"messages": [told]}) == Incoming(
        external_id=told["id"],
        user_id=USER,
        phone="4930901820",
        kind=kind,
        text=text,
        reply_id=reply_id,
        said_at=AT,
    )


def test_a_message_without_a_number_is_known_by_its_user_id() -> None:
    told = message("text", {"body": "hi"}, user_id="", phone="", at=AT)
    contacts = [{"user_id": USER, "profile": {"name": "Ana"}}]
    update = _only({"contacts": contacts, "messages": [told]})
    assert isinstance(update, Incoming)
    assert (update.user_id, update.phone) == (USER, "")


def test_of_several_contacts_only_the_sender_counts() -> None:
    told = message("text", {"body": "hi"}, user_id="", phone="111", at=AT)
    contacts = [{"wa_id": "222", "user_id": "US.2"}, {"wa_id": "111", "user_id": "US.1"}]
    update = _only({"contacts": contacts, "messages": [told]})
    assert isinstance(update, Incoming)
    assert update.user_id == "US.1"


def test_statuses_and_messages_of_one_delivery_are_all_read_in_order() -> None:
    first = message("text", {"body": "a"}, user_id=USER, phone="", at=AT)
    second = message("text", {"body": "b"}, user_id=USER, phone="", at=AT)
    failed = {"id": "wamid.9", "status": "failed", "errors": [{"code": 131047, "title": "x"}]}
    updates = read(
        json.dumps(envelope({"messages": [first, second], "statuses": [failed]})).encode()
    )
    assert [type(one) for one in updates] == [Incoming, Incoming, StatusChange]
    assert updates[2] == StatusChange("wamid.9", "failed", 131047)


def test_a_changed_number_and_a_changed_id_are_new_identities() -> None:
    told = message("system", {"type": "user_changed_number", "wa_id": "999"}, phone="111", at=AT)
    assert _only({"messages": [told]}) == NewIdentity(before="111", after="999", phone="999")
    # Who has a new key is who they were.
    told = message("system", {"type": "customer_identity_changed"}, phone="111", at=AT)
    assert _only({"messages": [told]}) == Unknown("system")
    change = {"user_id": {"previous": "US.1", "current": "US.2"}, "wa_id": "111"}
    body = json.dumps(envelope({"user_id_update": [change]}, field="user_id_update")).encode()
    assert read(body) == [NewIdentity(before="US.1", after="US.2", phone="111")]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b'"text"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"entry": {}}',
        b'{"entry": [null, 3, {"changes": "no"}]}',
        b'{"entry": [{"changes": [{"field": "account_update", "value": {"x": 1}}]}]}',
        b'{"entry": [{"changes": [{"value": {"messages": [{"id": 3}]}}]}]}',
        b'{"entry": [{"changes": [{"value": {"messages": [{"id": "a", "type": "text"}]}}]}]}',
        b'{"entry": [{"changes": [{"value": {"statuses": [{"status": "sent"}]}}]}]}',
    ],
)
def test_what_nobody_knows_is_unknown_and_never_an_error(body: bytes) -> None:
    updates = read(body)
    assert updates
    assert all(isinstance(one, Unknown) for one in updates)


@pytest.mark.parametrize(
    "text",
    [
        "SM-ACDEF-GHJKM",
        "Order for Brasa, table 12\nSM-ACDEF-GHJKM\nthanks!",
        "sm acdef ghjkm",
        "Sm-aCdEf\n-\nGhJkM please hurry",
        "ＳＭ－ＡＣＤＥＦ－ＧＨＪＫＭ",
        "طلب SM_ACDEF_GHJKM شكرا 🍕",
        "*SM-ACDEF-GHJKM*",
    ],
)
def test_a_token_is_found_in_whatever_became_of_the_text(text: str) -> None:
    assert tokens.in_text(text) == ["ACDEFGHJKM"]


@pytest.mark.parametrize("text", ["", "SM-ACDEF-GHJK", "SM-ACDEF-GHJK0", "ACDEFGHJKM", "SMS me"])
def test_what_is_no_token_is_none(text: str) -> None:
    assert tokens.in_text(text) == []


def test_no_more_than_five_tokens_are_tried() -> None:
    many = " ".join(tokens.written(f"ACDEFGHJK{letter}") for letter in tokens.ALPHABET[:9])
    assert len(tokens.in_text(many)) == 5


def test_the_link_is_short_and_percent_encoded() -> None:
    link = tokens.wa_link("+49 30 901820", "Order & pay\nSM-ACDEF-GHJKM")
    assert link == "https://wa.me/4930901820?text=Order%20%26%20pay%0ASM-ACDEF-GHJKM"


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("4930901842", "+49 ••• ••42"), ("+4930901842", "+49 ••• ••42"), ("12", "••• ••")],
)
def test_a_masked_number_shows_its_country_and_two_digits(phone: str, shown: str) -> None:
    assert masked(phone) == shown


def test_a_webhook_taken_apart_tells_the_same_in_the_same_order() -> None:
    """Two contacts, one alone, none; statuses; identities; a template; what nobody knows."""
    ana = {"wa_id": "4930901820", "user_id": "DE.ana"}
    ben = {"wa_id": "4930901821", "user_id": "DE.ben"}
    known = [
        message("text", {"body": f"{phone} {n}"}, phone=phone, at=AT)
        for n in range(3)
        for phone in ("4930901820", "4930901821")
    ]
    stranger = message("text", {"body": "no number"}, at=AT)
    states = [{"id": f"wamid.out.{n}", "status": "read"} for n in range(4)]
    ids = [{"wa_id": "1", "user_id": {"previous": f"a{n}", "current": f"b{n}"}} for n in range(7)]
    template = {
        "message_template_name": "hello",
        "message_template_language": "en",
        "event": "APPROVED",
    }
    whole = envelope({"contacts": [ana, ben], "messages": [*known, stranger], "statuses": states})
    for one in (
        envelope({"contacts": [ana], "messages": [stranger]}),
        envelope({"user_id_update": ids}, field="user_id_update"),
        envelope(template, field="message_template_status_update"),
        envelope({"event": "x"}, field="account_alerts"),
    ):
        whole["entry"] += one["entry"]
    body = json.dumps(whole).encode()
    told = read(body)
    assert len(told) == 7 + 4 + 1 + 7 + 1 + 1
    for most in (1, 5, 20):
        parts = [read(part) for part in apart(body, most=most)]
        assert [update for part in parts for update in part] == told
        assert max(len(part) for part in parts) == most
