"""Suggestions about the room in words: what was seen, and what could be done."""

from dataclasses import dataclass

from babel import Locale

from services.analytics.room_advice import (
    MIX_DIFFERENCE,
    AdviceKind,
    Capacity,
    ClassShare,
    Overbooked,
    RoomAdvice,
    Underused,
)
from services.analytics.room_types import Slot
from services.base.texts import N_, PER_CENT, list_text, translate


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion: what to do, and the numbers behind it. `is_known` is false without enough."""

    kind: AdviceKind
    title: str
    evidence: str
    is_known: bool = True


def suggestions(advice: RoomAdvice, language: str) -> tuple[Suggestion, ...]:
    """All of them in a language, those that lead to something first."""
    made = [
        *_overbooked(advice.overbooked, language),
        _mix(advice.mix, language),
        _underused(advice.underused, language),
        _capacity(advice.capacity, language),
    ]
    return tuple(sorted(made, key=lambda one: not one.is_known))


def percent(share: float) -> str:
    """A share as whole per cent, with the thin space before the sign."""
    return f"{round(share * 100)}{PER_CENT}"


def slot_text(slot: Slot, language: str) -> str:
    """Weekday and hour, "Saturday 20:00"."""
    names = Locale.parse(language).days["stand-alone"]["wide"]
    return f"{names[slot.weekday]} {slot.hour:02d}:00"


def _unknown(kind: AdviceKind, title: str, why: str, language: str) -> Suggestion:
    return Suggestion(kind, translate(language, title), translate(language, why), is_known=False)


def _overbooked(found: tuple[Overbooked, ...] | None, language: str) -> list[Suggestion]:
    kind = AdviceKind.OVERBOOKED
    if found is None:
        why = N_("An hour needs four evenings, the room ten sittings, before it can be judged.")
        return [_unknown(kind, N_("Overbooked areas: not enough data"), why, language)]
    if not found:
        title = translate(language, N_("No area is too full"))
        seen = translate(
            language,
            N_("No hour of the week has {share} of an area's tables taken on average."),
            share=percent(0.85),
        )
        return [Suggestion(kind, title, seen)]
    made: list[Suggestion] = []
    for one in found[:2]:
        wait = (
            translate(
                language,
                N_("A new party waits with {share} probability, {minutes} min on average."),
                share=percent(one.wait_share),
                minutes=round(one.wait_minutes),
            )
            if one.wait_share is not None and one.wait_minutes is not None
            else translate(
                language, N_("More parties come than the tables can take: no estimate of the wait.")
            )
        )
        seen = translate(
            language,
            N_("{share} of {tables} tables taken, {parties} parties an hour, {turn} min each."),
            share=percent(one.slot.utilisation),
            tables=one.table_count,
            parties=f"{one.slot.parties:.1f}",
            turn=round(one.turn_minutes),
        )
        title = translate(
            language,
            N_("{area} is too full: {slot}"),
            area=one.area,
            slot=slot_text(one.slot, language),
        )
        made.append(Suggestion(kind, title, f"{seen} {wait}"))
    return made


def _mix(shares: tuple[ClassShare, ...] | None, language: str) -> Suggestion:
    kind = AdviceKind.MIX
    if shares is None or not sum(one.party_count for one in shares):
        why = N_("From ten sittings on, tables are compared with the parties that come.")
        return _unknown(kind, N_("Table sizes: not enough data"), why, language)
    parties = sum(one.party_count for one in shares)
    short = max(shares, key=lambda one: one.demand - one.supply)
    spare = min(shares, key=lambda one: one.demand - one.supply)
    seen = translate(
        language,
        N_("{sizes}: {count} of {parties} parties, {demand} of table time, {supply} of tables."),
        sizes=_sizes(short, language),
        count=short.party_count,
        parties=parties,
        demand=percent(short.demand),
        supply=percent(short.supply),
    )
    if short.demand - short.supply < MIX_DIFFERENCE:
        return Suggestion(kind, translate(language, N_("Table sizes fit the parties")), seen)
    left_over = translate(
        language,
        N_("{sizes}: {demand} of table time, {supply} of tables."),
        sizes=_sizes(spare, language),
        demand=percent(spare.demand),
        supply=percent(spare.supply),
    )
    title = translate(
        language,
        N_("More tables for {short}, fewer for {spare}"),
        short=_people(short, language),
        spare=_people(spare, language),
    )
    return Suggestion(kind, title, f"{seen} {left_over}")


def _underused(found: Underused | None, language: str) -> Suggestion:
    kind = AdviceKind.UNDERUSED
    if found is None:
        why = N_("A verdict needs three tables, opening hours and ten sittings a table.")
        return _unknown(kind, N_("Underused tables: not enough data"), why, language)
    if not found.tables:
        return Suggestion(
            kind,
            translate(language, N_("No table stands out as underused")),
            translate(
                language,
                N_("The middle table is taken {share} of the time, none less than half of that."),
                share=percent(found.middle),
            ),
        )
    tables = [f"{number} ({percent(share)})" for number, share in found.tables]
    return Suggestion(
        kind,
        translate(
            language,
            N_("Underused tables: {tables}"),
            tables=list_text(language, (number for number, _ in found.tables)),
        ),
        translate(
            language,
            N_("Taken {tables} of the time; the middle table {share}."),
            tables=list_text(language, tables),
            share=percent(found.middle),
        ),
    )


def _capacity(found: Capacity | None, language: str) -> Suggestion:
    kind = AdviceKind.CAPACITY
    if found is None:
        why = N_("An hour needs four evenings, the room ten sittings, before it can be judged.")
        return _unknown(kind, N_("Capacity: not enough data"), why, language)
    is_full = found.fullest.utilisation >= 0.85
    title = (
        N_("At its fullest there is no table left to give")
        if is_full
        else N_("There is room left even at the fullest hour")
    )
    return Suggestion(
        kind,
        translate(language, title),
        translate(
            language,
            N_("{full}: {share} of tables taken, {guests} guests. {empty}: {low}."),
            full=slot_text(found.fullest, language),
            share=percent(found.fullest.utilisation),
            guests=round(found.fullest.guests),
            empty=slot_text(found.emptiest, language),
            low=percent(found.emptiest.utilisation),
        ),
    )


def _sizes(one: ClassShare, language: str) -> str:
    if one.high > 20:
        return translate(language, N_("Parties of {low} and more"), low=one.low)
    return translate(language, N_("Parties of {low}–{high}"), low=one.low, high=one.high)


def _people(one: ClassShare, language: str) -> str:
    if one.high > 20:
        return translate(language, N_("{low} and more"), low=one.low)
    return f"{one.low}–{one.high}"
