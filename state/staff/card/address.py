"""Whose card a page shows."""

import re
from uuid import UUID

from services.base.errors import NotFoundError
from services.base.texts import N_

_PATH = re.compile(r"^/staff/customers/([0-9a-f-]{36})/?$")


def customer_of(path: str | None) -> UUID:
    """The guest of an address; services look only among the acting restaurant's own.

    Raises:
        NotFoundError: the address names nobody.
    """
    match = _PATH.match(path or "")
    try:
        return UUID(match[1] if match else "")
    except ValueError as error:
        msg = N_("There is no such guest.")
        raise NotFoundError(msg) from error
