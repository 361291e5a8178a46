"""Rows of the guest list as its screen shows them: words, not numbers."""

from dataclasses import dataclass

from models.enums import CustomerStatus
from services.base import addresses
from services.base.texts import N_, translate
from services.customers.list_columns import ListColumn
from services.customers.list_facts import Listed, Reader
from services.customers.list_values import text_of
from services.identity.aliases import face

STATUS_LOOKS = {
    CustomerStatus.NEW: ("info", "sprout"),
    CustomerStatus.ACTIVE: ("ok", "circle-check"),
    CustomerStatus.AT_RISK: ("warn", "hourglass"),
    CustomerStatus.LOST: ("bad", "circle-dashed"),
}
# Pixels of the tallest bar; a month without a visit is a dash of two.
_BAR_HEIGHT = 18
_EMPTY_HEIGHT = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of the little chart."""

    key: str
    height: int


@dataclass(frozen=True, slots=True)
class ListCell:
    """One value. `kind` says how it is drawn: "status", "bars", "money", "number" or "text"."""

    key: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of the guest list."""

    id: str
    href: str
    alias: str
    icon: str
    tint: str
    detail: str
    status_tone: str
    status_icon: str
    bars: list[Bar]
    bars_text: str
    cells: list[ListCell]


def list_line(one: Listed, *, columns: tuple[ListColumn, ...], reader: Reader) -> ListLine:
    """One customer in words."""
    profile = one.profile
    tone, icon = STATUS_LOOKS[CustomerStatus(profile.status)]
    looks = face(profile.alias)
    return ListLine(
        id=str(profile.customer_id),
        href=addresses.customer(profile.customer_id),
        alias=profile.alias,
        icon=looks.icon,
        tint=f"a{looks.tint}",
        detail=one.segments[0] if one.segments else one.dish,
        status_tone=tone,
        status_icon=icon,
        bars=_bars(one.monthly_visits),
        bars_text=translate(
            reader.language,
            N_("Visits in the last 12 months: {counts}"),
            counts=", ".join(str(count) for count in one.monthly_visits),
        ),
        cells=[
            ListCell(
                column.key,
                _LOOKS.get(column.kind, "number" if column.is_number else "text"),
                text_of(column, one, reader),
            )
            for column in columns
        ],
    )


_LOOKS = {"status": "status", "bars": "bars", "money": "money"}


def _bars(counts: tuple[int, ...]) -> list[Bar]:
    most = max(counts, default=0)
    return [
        Bar(str(index), max(6, round(_BAR_HEIGHT * count / most)) if count else _EMPTY_HEIGHT)
        for index, count in enumerate(counts)
    ]
