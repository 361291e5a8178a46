"""Webhooks of the Cloud API as tests send them."""

from datetime import datetime
from itertools import count
from typing import Any

_numbers = count(1)


def envelope(value: dict[str, Any], *, field: str = "messages") -> dict[str, Any]:
    """One change of one entry, with the platform's metadata."""
    metadata = {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"}
    change = {"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata}}
    change["value"] |= value  # type: ignore[operator]
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}


def message(
    kind: str, part: object, *, at: datetime, user_id: str = "", phone: str = ""
) -> dict[str, Any]:
    """One message; every one has an id of its own."""
    told: dict[str, Any] = {
        "id": f"wamid.{next(_numbers)}",
        "type": kind,
        "timestamp": str(int(at.timestamp())),
    }
    if phone:
        told["from"] = phone
    if user_id:
        told["from_user_id"] = user_id
    return told if part is None else told | {kind: part}
