"""A programme in words: its state, its versions, what a draft changes, what a year says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from models.enums import ProgrammeState
from services.base.clock import to_local
from services.base.programme_texts import PROGRAMME
from services.base.texts import (
    N_,
    PER_CENT,
    clock_text,
    date_text,
    list_text,
    money_text,
    translate,
)
from services.loyalty.programme_rules import Rules
from services.loyalty.simulating import Outcome, Simulation
from services.loyalty.types import Programme
from services.reports.words import number_text
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.programme_form import DAYS, LIMITED_ROLES, NUMBERS, WEEKDAYS

_REASONS = {
    "order": N_("for what was paid"),
    "dish": N_("for dishes"),
    "happy_hour": N_("in happy hours"),
    "tier": N_("by tier"),
    "first_visit": N_("for first visits"),
    "visits": N_("for milestones"),
    "birthday": N_("for birthdays"),
}
_NOTHING = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version in the list."""

    version: str
    state: str
    look: str
    when: str


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """What a rule or a result is, beside what it would be."""

    name: str
    now: str
    then: str


@dataclass(frozen=True, slots=True)
class SimulationView:
    """What the last twelve months say of a draft, or of the rules that are shown."""

    lead: str = ""
    lacking: str = ""
    is_of_draft: bool = False
    has_running: bool = False
    rows: list[ComparedRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _word(message: str, **facts: object) -> str:
    return translate(LANGUAGE, message, **facts)


def state_text(live: Programme | None, restaurant: RestaurantInfo) -> tuple[str, str, str]:
    """What counts now: the look of its chip, its word, and a sentence."""
    if live is None:
        sentence = N_("Guests do not collect points yet. Write the rules, try them out, publish.")
        return "line", _word(N_("Not published")), _word(sentence)
    number = live.version
    if live.is_running:
        text = _word(
            N_("Version {number} since {when}"),
            number=number,
            when=_when(live.published_at, restaurant),
        )
        return "ok", _word(N_("Running")), text
    text = _word(
        N_("Version {number}, since {when}. Nobody collects, spends or loses points."),
        number=number,
        when=_when(live.paused_at, restaurant),
    )
    return "warn", _word(N_("Paused")), text


def draft_text(draft: Programme | None, restaurant: RestaurantInfo) -> str:
    """When the draft was saved; empty without one."""
    if draft is None:
        return ""
    at = clock_text(draft.updated_at, time_zone=restaurant.time_zone, language=LANGUAGE)
    return _word(
        N_("Version {number}, saved {when} at {time}"),
        number=draft.version,
        when=_when(draft.updated_at, restaurant),
        time=at,
    )


def version_views(versions: Sequence[Programme], restaurant: RestaurantInfo) -> list[VersionView]:
    """Every version that was published, the newest first."""
    names = {
        ProgrammeState.PUBLISHED: ("ok", N_("Running")),
        ProgrammeState.PAUSED: ("warn", N_("Paused")),
        ProgrammeState.RETIRED: ("line", N_("Replaced")),
    }
    found: list[VersionView] = []
    for one in versions:
        if one.state not in names:
            continue
        look, name = names[one.state]
        when = _when(one.published_at, restaurant)
        if one.retired_at is not None:
            when = f"{when} \N{EN DASH} {_when(one.retired_at, restaurant)}"
        found.append(VersionView(str(one.version), _word(name), look, when))
    return found


def changes(
    running: Rules | None, draft: Rules, *, restaurant: RestaurantInfo, dishes: Mapping[UUID, str]
) -> list[ComparedRow]:
    """The rules in which a draft differs from what runs."""
    then = _described(draft, restaurant, dishes)
    now = _described(running, restaurant, dishes) if running is not None else {}
    names = [*then, *(name for name in now if name not in then)]
    return [
        ComparedRow(name, now.get(name) or _NOTHING, then.get(name) or _NOTHING)
        for name in names
        if now.get(name, "") != then.get(name, "")
    ]


def simulation_view(
    found: Simulation, restaurant: RestaurantInfo, *, is_of_draft: bool
) -> SimulationView:
    """A simulation in words, of a draft or of the rules that are shown."""
    if found.draft is None:
        lacking = N_(
            "Not enough data: no completed order of a guest who wants to be remembered since {day}."
        )
        since = _word(lacking, day=date_text(found.first_day, LANGUAGE))
        return SimulationView(lacking=since, is_of_draft=is_of_draft)
    lead = _word(
        N_("{orders} orders of {guests} known guests since {day}, of {all} orders in all."),
        orders=f"{found.order_count:,}",
        guests=f"{found.guest_count:,}",
        day=date_text(found.first_day, LANGUAGE),
        all=f"{found.all_order_count:,}",
    )
    then = _results(found.draft, restaurant)
    now = _results(found.running, restaurant) if found.running is not None else {}
    notes = [
        N_("As if everybody had begun without points, and all points were redeemed."),
        N_("Invitations are left out: nobody knows whom guests would have brought."),
    ]
    if found.draft.reward_count is None:
        notes.append(N_("Rewards cannot be counted: none is offered yet."))
    names = [*then, *(name for name in now if name not in then)]
    return SimulationView(
        lead=lead,
        is_of_draft=is_of_draft,
        has_running=found.running is not None,
        rows=[
            ComparedRow(name, now.get(name, _NOTHING), then.get(name, _NOTHING)) for name in names
        ],
        notes=[_word(note) for note in notes],
    )


def _results(one: Outcome, restaurant: RestaurantInfo) -> dict[str, str]:
    found = {
        _word(N_("Points earned")): f"{one.points:,}",
        _word(N_("What they cost")): money_text(one.cost_minor, restaurant.currency, LANGUAGE),
        _word(N_("Of revenue")): number_text(one.revenue_share, "share", restaurant.currency),
    }
    if one.reward_count is not None:
        found[_word(N_("Rewards they pay for"))] = f"{one.reward_count:,}"
        found[_word(N_("Guests with one or more"))] = f"{one.rewarded_guests:,}"
    for name, count in one.tiers:
        found[_word(N_("Guests in {tier}"), tier=name)] = f"{count:,}"
    for reason, points in one.by_reason:
        found[_word(N_("Points {reason}"), reason=_word(_REASONS.get(reason, reason)))] = (
            f"{points:,}"
        )
    return found


def _described(
    rules: Rules, restaurant: RestaurantInfo, dishes: Mapping[UUID, str]
) -> dict[str, str]:
    """Every rule in one line, by its name."""
    found = {_word(PROGRAMME[name]): f"{getattr(rules, name):,}" for name in NUMBERS}
    for name in DAYS:
        days = getattr(rules, name)
        found[_word(PROGRAMME[name])] = (
            _word(N_("{days} days"), days=days) if days else _word(N_("Never"))
        )
    found[_word(PROGRAMME["hundred_points_minor"])] = money_text(
        rules.hundred_points_minor, restaurant.currency, LANGUAGE
    )
    found[_word(PROGRAMME["milestones"])] = list_text(
        LANGUAGE,
        [
            _word(N_("visit {visits}: {points}"), visits=one.visits, points=one.points)
            for one in rules.milestones
        ],
    )
    found[_word(PROGRAMME["happy_hours"])] = list_text(
        LANGUAGE,
        [
            f"{' '.join(_word(WEEKDAYS[day]) for day in one.weekdays)} "
            f"{one.starts:%H:%M}\N{EN DASH}{one.ends:%H:%M}: {one.percent}{PER_CENT}"
            for one in rules.happy_hours
        ],
    )
    found[_word(PROGRAMME["dishes"])] = list_text(
        LANGUAGE,
        [
            (dishes.get(one.dish_id) or _word(N_("a dish that is gone")))
            + f": {one.percent}{PER_CENT}"
            for one in rules.dishes
        ],
    )
    for tier in rules.tiers:
        parts = [
            _word(N_("from {points}"), points=f"{tier.threshold:,}"),
            f"{tier.percent}{PER_CENT}",
        ]
        if tier.has_priority:
            parts.append(_word(N_("served first")))
        parts += tier.benefits
        found[_word(N_("Tier {name}"), name=tier.name)] = list_text(LANGUAGE, parts)
    for role in LIMITED_ROLES:
        name = _word(N_("By hand, {role}"), role=_word(PROGRAMME[f"limit_{role}"]).lower())
        found[name] = f"{rules.adjustment_limit(role):,}"
    return found


def _when(moment: datetime | None, restaurant: RestaurantInfo) -> str:
    if moment is None:
        return _NOTHING
    return date_text(to_local(moment, restaurant.time_zone).date(), LANGUAGE)
