"""What happened to points, in words: for the loyalty part of a card and for its timeline."""

from models.enums import PointsKind
from services.base.texts import N_, translate
from state.staff.access import LANGUAGE

_KINDS = {
    PointsKind.EARNED: N_("Earned"),
    PointsKind.REDEEMED: N_("Redeemed"),
    PointsKind.EXPIRED: N_("Expired"),
    PointsKind.ADJUSTED: N_("By hand"),
    PointsKind.REVERSED: N_("Taken back"),
}
_REASONS = {
    "order": N_("Order"),
    "dish": N_("Dish that earns more"),
    "happy_hour": N_("Happy hour"),
    "tier": N_("Tier"),
    "first_visit": N_("First visit"),
    "birthday": N_("Birthday"),
    "referral": N_("Invitation"),
    "owed": N_("Paid what was owed"),
    "undone": N_("Order undone"),
    "returned": N_("Reward not used"),
    "reward": N_("Reward"),
    "expired": N_("Points ran out"),
    "separated": N_("Guests taken apart"),
}
MINUS = "\N{MINUS SIGN}"


def points_words(kind: str, reason: str) -> tuple[str, str]:
    """What it was ("Earned"), and what for ("Happy hour").

    Args:
        kind: of the ledger (`PointsKind`).
        reason: of the ledger: "order", "visits:10".
    """
    what = translate(LANGUAGE, _KINDS[PointsKind(kind)])
    name, _, number = reason.partition(":")
    if name == "visits":
        return what, translate(LANGUAGE, N_("Visit {number}"), number=number)
    return what, translate(LANGUAGE, _REASONS[name]) if name in _REASONS else what


def signed(points: int) -> str:
    """Points with their sign, and groups of thousands."""
    return f"+{points:,}" if points > 0 else f"{MINUS}{-points:,}"
