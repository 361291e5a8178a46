"""Insights in words: what, from which numbers, what to do."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.base.insight_texts import ACTIONS, EVIDENCE, LOOKS, MISSING, TITLES
from services.base.texts import N_, plural, translate
from services.customers.card.insight_rules import Insight, InsightKind, Missing
from services.customers.card.insights import CardInsights
from state.staff.access import LANGUAGE
from state.staff.card.when import daypart_word, weekday_name
from state.staff.night_insights import NightView


@dataclass(frozen=True, slots=True)
class InsightView:
    """One insight; `source` is what its small i asks for; empty: nothing."""

    key: str
    icon: str
    tint: str
    title: str
    evidence: str
    action: str
    source: str


@dataclass(frozen=True, slots=True)
class GapView:
    """Something that cannot be told yet."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class InsightsView:
    """The part as it stands on the screen."""

    rows: list[InsightView] = field(default_factory=list[InsightView])
    missing: list[GapView] = field(default_factory=list[GapView])


def insights_view(found: CardInsights, night: Sequence[NightView] = ()) -> InsightsView:
    """What the night has found, all insights of now, and what is missing for more."""
    return InsightsView(
        rows=[*(_of_night(one) for one in night), *insight_views(found.rows)],
        missing=[GapView(str(what), _gap(what, count)) for what, count in found.missing],
    )


def _of_night(one: NightView) -> InsightView:
    sure = translate(
        LANGUAGE, N_("How sure: {share}, found on {day}."), share=one.sure, day=one.found
    )
    return InsightView(
        key=one.kind,
        icon=one.icon,
        tint=one.tint,
        title=one.title,
        evidence=f"{one.evidence} {sure}",
        action=one.action,
        source="",
    )


def insight_views(found: Sequence[Insight]) -> list[InsightView]:
    """Insights one after the other, as they come."""
    return [_view(one) for one in found]


def _view(one: Insight) -> InsightView:
    facts = dict(one.facts)
    if one.kind is InsightKind.TIME:
        facts["weekday"] = weekday_name(int(facts["weekday"]), is_long=True)
        facts["part"] = daypart_word(int(facts["part"]))
    if "gap" in facts:
        facts["every"] = plural(LANGUAGE, "every day", "every {count} days", int(facts["gap"]))
    if "away" in facts:
        facts["last"] = _ago(int(facts["away"]))
    icon, tint = LOOKS[one.kind]
    return InsightView(
        key=str(one.kind),
        icon=icon,
        tint=tint,
        title=translate(LANGUAGE, TITLES[one.kind], **facts),
        evidence=translate(LANGUAGE, EVIDENCE[one.kind], **facts),
        action=translate(LANGUAGE, ACTIONS[one.kind], **facts),
        source=f"insight_{one.kind}",
    )


def _ago(days: int) -> str:
    if not days:
        return translate(LANGUAGE, N_("today"))
    return plural(LANGUAGE, "yesterday", "{count} days ago", days)


def _gap(what: Missing, count: int) -> str:
    one, many = MISSING[what]
    return translate(LANGUAGE, one if count == 1 else many, count=count)
