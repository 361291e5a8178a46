"""What the forms of areas and tables must hold; no session, clock or I/O."""

from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.seating.room_types import (
    AREA_TYPES,
    SERVICE_TYPES,
    SHAPES,
    TABLE_TYPES,
    AreaForm,
    TableForm,
)

MAX_SEATS = 99


def checked_area(form: AreaForm) -> AreaForm:
    """The same form without stray spaces.

    Raises:
        InvalidInputError: names the field that cannot be.
    """
    return AreaForm(
        name=_text(form.name, field="name", longest=80, needed=True),
        description=_text(form.description, field="description", longest=200),
        area_type=_one_of(form.area_type, AREA_TYPES, field="area_type"),
        service_type=_one_of(form.service_type, SERVICE_TYPES, field="service_type"),
    )


def checked_table(form: TableForm) -> TableForm:
    """The same form without stray spaces.

    Raises:
        InvalidInputError: names the field that cannot be.
    """
    if not 1 <= form.seats <= MAX_SEATS:
        msg = N_("A table has 1 to {count} seats.")
        raise InvalidInputError(msg, field="seats", count=MAX_SEATS)
    return TableForm(
        area_id=form.area_id,
        number=_text(form.number, field="number", longest=12, needed=True),
        seats=form.seats,
        table_type=_one_of(form.table_type, TABLE_TYPES, field="table_type"),
        shape=_one_of(form.shape, SHAPES, field="shape"),
        name=_text(form.name, field="name", longest=60),
        notes=_text(form.notes, field="notes", longest=500),
    )


def _text(value: str, *, field: str, longest: int, needed: bool = False) -> str:
    text = " ".join(value.split())
    if needed and not text:
        msg = N_("Please fill this in.")
        raise InvalidInputError(msg, field=field)
    if len(text) > longest:
        msg = N_("Please use at most {count} characters.")
        raise InvalidInputError(msg, field=field, count=longest)
    if not text.isprintable():
        msg = N_("Please use letters and digits.")
        raise InvalidInputError(msg, field=field)
    return text


def _one_of(value: str, offered: tuple[str, ...], *, field: str) -> str:
    if value not in offered:
        msg = N_("Please choose one of the list.")
        raise InvalidInputError(msg, field=field)
    return value
