"""How the screen of printed codes shows them: rows made from what the services read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.enums import CodeKind
from services.base import addresses
from services.base.clock import to_local
from services.base.texts import N_, date_text, plural, translate
from services.codes.types import ListedCode
from state.staff.access import LANGUAGE
from state.staff.forms import Choice


@dataclass(frozen=True, slots=True)
class ShownCode:
    """One code in the list."""

    id: str
    code: str
    kind: str
    table: str
    title: str
    note: str
    svg: str
    png: str
    total: str
    recent: str
    last: str
    state: str
    is_in_use: bool
    can_retire: bool
    can_restore: bool


@dataclass(frozen=True, slots=True)
class CodeGroup:
    """The codes of one area, or those that stand in none. `kind` is "area" for an area's."""

    id: str
    kind: str
    title: str
    summary: str
    rows: list[ShownCode]


def groups(listed: Sequence[ListedCode], *, time_zone: str) -> list[CodeGroup]:
    """The codes in use: area by area, then the whole restaurant's, then the campaigns'."""
    found: dict[str, list[ListedCode]] = {}
    for one in listed:
        key = str(one.area_id) if one.area_id is not None else str(one.kind)
        found.setdefault(key, []).append(one)
    for kind in (CodeKind.GENERAL, CodeKind.CAMPAIGN):
        # They end the list, and stand there when empty: this is where they are added.
        found[str(kind)] = found.pop(str(kind), [])
    titles = {
        str(CodeKind.GENERAL): translate(LANGUAGE, N_("Whole restaurant")),
        str(CodeKind.CAMPAIGN): translate(LANGUAGE, N_("Campaigns")),
    }
    return [
        CodeGroup(
            id=key,
            kind="area" if key not in titles else key,
            title=titles.get(key) or codes[0].area_name,
            summary=plural(LANGUAGE, "{count} code", "{count} codes", len(codes)),
            rows=[row(one, time_zone=time_zone) for one in codes],
        )
        for key, codes in found.items()
    ]


def choices(shown: Sequence[CodeGroup]) -> list[Choice]:
    """What can be printed at once: all tables, one area, everything."""
    areas = [
        Choice(group.id, group.title) for group in shown if group.kind == "area" and group.rows
    ]
    tables = [Choice("tables", translate(LANGUAGE, N_("All tables")))] if areas else []
    return [*tables, *areas, Choice("everything", translate(LANGUAGE, N_("Everything in use")))]


def row(one: ListedCode, *, time_zone: str) -> ShownCode:
    """One code in words."""
    is_in_use = one.ended_at is None
    return ShownCode(
        id=str(one.code_id),
        code=one.code,
        kind=str(one.kind),
        table=one.table_number,
        title=_title(one),
        note=_note(one),
        svg=addresses.code_picture(one.code_id, "svg") if is_in_use else "",
        png=addresses.code_picture(one.code_id, "png") if is_in_use else "",
        total=str(one.scan_count),
        recent=str(one.recent_count),
        last=_day(one.last_scan_at, time_zone) or "–",
        state=_state(one, time_zone),
        is_in_use=is_in_use,
        can_retire=is_in_use and one.kind is not CodeKind.TABLE,
        can_restore=one.can_be_restored,
    )


def _title(one: ListedCode) -> str:
    if one.kind is CodeKind.TABLE:
        return translate(LANGUAGE, N_("Table {number}"), number=one.table_number)
    if one.label:
        return one.label
    if one.kind is CodeKind.AREA:
        return translate(LANGUAGE, N_("The whole area"))
    return translate(LANGUAGE, N_("Door, poster, website"))


def _note(one: ListedCode) -> str:
    if one.kind is CodeKind.CAMPAIGN and one.category_name:
        return translate(LANGUAGE, N_("opens {section}"), section=one.category_name)
    return one.area_name if one.ended_at is not None else ""


def _state(one: ListedCode, time_zone: str) -> str:
    if one.ended_at is None:
        return translate(LANGUAGE, N_("In use"))
    day = _day(one.ended_at, time_zone)
    if one.is_replaced:
        return translate(LANGUAGE, N_("Replaced {day}"), day=day)
    return translate(LANGUAGE, N_("Retired {day}"), day=day)


def _day(moment: datetime | None, time_zone: str) -> str:
    return "" if moment is None else date_text(to_local(moment, time_zone).date(), LANGUAGE)
