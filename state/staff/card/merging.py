"""What a merge would do, in words."""

from dataclasses import dataclass, field

from services.base.customer_texts import LEVEL_WORDS
from services.base.texts import N_, list_text, money_text, plural, translate
from services.guests.merge_preview import MergePreview, MergeSide
from services.guests.same_guest import Hint
from services.menu.page import allergen_words
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.card.head import day_of


@dataclass(frozen=True, slots=True)
class SideView:
    """One of the two."""

    alias: str = ""
    icon: str = "user"
    tint: str = "a1"


@dataclass(frozen=True, slots=True)
class LineView:
    """One thing of both, and what it becomes."""

    key: str
    label: str
    kept: str
    joined: str
    together: str


@dataclass(frozen=True, slots=True)
class MergeView:
    """The dialog: a merge of `other_id`, or a merge that is taken back, `entry_id`."""

    other_id: str = ""
    entry_id: str = ""
    kept: SideView = SideView()
    joined: SideView = SideView()
    lines: list[LineView] = field(default_factory=list[LineView])
    moves: str = ""
    warnings: list[str] = field(default_factory=list[str])
    refusal: str = ""


def merge_view(preview: MergePreview, *, other_id: str, restaurant: RestaurantInfo) -> MergeView:
    """The question before a merge."""
    sides = (preview.kept, preview.merged, preview.together)

    def line(key: str, label: str, words: list[str]) -> LineView:
        return LineView(key, translate(LANGUAGE, label), *words)

    def amount(side: MergeSide) -> str:
        return money_text(side.total_spent_minor, restaurant.currency, LANGUAGE)

    def choice(side: MergeSide) -> str:
        return translate(LANGUAGE, LEVEL_WORDS[side.consent_level])

    def cannot_eat(side: MergeSide) -> str:
        return allergen_words(side.allergens, LANGUAGE) if side.allergens else "–"

    lines = [
        line("since", N_("Known since"), [day_of(one.first_seen_at, restaurant) for one in sides]),
        line("visits", N_("Visits"), [str(one.total_visits) for one in sides]),
        line("days", N_("Days with a visit"), [str(one.visit_days) for one in sides]),
        line("orders", N_("Orders"), [str(one.total_orders) for one in sides]),
        line("spent", N_("Spent"), [amount(one) for one in sides]),
        line("allergens", N_("Cannot eat"), [cannot_eat(one) for one in sides]),
        line("choice", N_("Choice"), [choice(one) for one in sides]),
    ]
    return MergeView(
        other_id=other_id,
        kept=_side(preview.kept),
        joined=_side(preview.merged),
        lines=lines,
        moves=_moves(preview),
        warnings=_warnings(preview),
        refusal=translate(LANGUAGE, preview.refusal) if preview.refusal else "",
    )


def apart_view(entry_id: str, alias: str) -> MergeView:
    """The question before a merge is taken back."""
    words = translate(LANGUAGE, N_("{alias} appears in the list again."), alias=alias)
    return MergeView(entry_id=entry_id, moves=words)


def _side(side: MergeSide) -> SideView:
    return SideView(side.alias, side.face.icon, f"a{side.face.tint}")


def _moves(preview: MergePreview) -> str:
    counted = (_counted(table, count) for table, count in preview.moves.items())
    words = [text for text in counted if text]
    if not words:
        return ""
    return translate(
        LANGUAGE,
        N_("Moves to {alias}: {what}."),
        what=list_text(LANGUAGE, words),
        alias=preview.kept.alias,
    )


def _counted(table: str, count: int) -> str:
    """So many rows of a table, as people call them; empty for what only we keep count of."""
    words = {
        "customer_visits": plural(LANGUAGE, "{count} visit", "{count} visits", count),
        "customer_orders": plural(LANGUAGE, "{count} order", "{count} orders", count),
        "customer_events": plural(LANGUAGE, "{count} view", "{count} views of the menu", count),
        "contact_choices": plural(LANGUAGE, "{count} permission", "{count} permissions", count),
        "consents": plural(LANGUAGE, "{count} choice", "{count} choices", count),
        "identity_links": plural(LANGUAGE, "{count} known phone", "{count} known phones", count),
        "table_reservations": plural(
            LANGUAGE, "{count} reservation", "{count} reservations", count
        ),
        "customer_notes": plural(LANGUAGE, "{count} note", "{count} notes", count),
        "customer_tags": plural(LANGUAGE, "{count} tag", "{count} tags", count),
    }
    return words.get(table, "")


def _warnings(preview: MergePreview) -> list[str]:
    found = _unproved(preview)
    if preview.same_days:
        found.append(
            plural(
                LANGUAGE,
                "On {count} day both came, each on a phone of their own: perhaps they are two.",
                "On {count} days both came, each on a phone of their own: perhaps they are two.",
                preview.same_days,
            )
        )
    for side in (preview.kept, preview.merged):
        if side.is_here:
            here = N_("{alias} is here now; the visit goes on, under the alias that stays.")
            found.append(translate(LANGUAGE, here, alias=side.alias))
    return found


def _unproved(preview: MergePreview) -> list[str]:
    """What the suggestion stands on, and what a wrong merge gives away."""
    found: list[str] = []
    if Hint.PHONE in preview.hints:
        found.append(_of_number(preview))
    if Hint.EMAIL in preview.hints:
        found.append(
            translate(LANGUAGE, N_("The e-mail address was typed in, as anybody can: no proof."))
        )
    if preview.hints == (Hint.FINGERPRINT,):
        found.append(translate(LANGUAGE, N_("Many people have the same kind of phone: no proof.")))
    if preview.hints:
        both = N_(
            "Afterwards both phones see the whole record: orders, points, what the guest has told."
        )
        found.append(translate(LANGUAGE, both))
    return found


def _of_number(preview: MergePreview) -> str:
    typed = [side for side in (preview.kept, preview.merged) if not side.is_verified]
    if len(typed) != 1:
        words = N_("The number they share was typed in, as anybody can: no proof.")
        return translate(LANGUAGE, words)
    proved = preview.kept if typed[0] is preview.merged else preview.merged
    one = N_("Only {alias} has confirmed a number. {other} typed it in, as anybody can: no proof.")
    return translate(LANGUAGE, one, alias=proved.alias, other=typed[0].alias)
