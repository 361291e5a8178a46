"""The first steps of a new restaurant as its floor shows them."""

from dataclasses import dataclass

from services.accounts.types import Actor, Permission
from services.base import addresses
from services.base.staff_texts import FIRST_STEPS
from services.base.texts import translate
from services.restaurants.first_steps import FirstSteps
from state.staff.access import LANGUAGE


@dataclass(frozen=True, slots=True)
class StepView:
    """One step: what to do, why, where, and whether it is done."""

    key: str
    title: str
    note: str
    icon: str
    href: str
    is_done: bool


_STEPS = (
    ("menu", "book-open", addresses.STAFF_MENU, Permission.EDIT_MENU, "has_dishes"),
    ("tables", "layout-grid", addresses.STAFF_TABLES, Permission.EDIT_TABLES, "has_tables"),
    ("codes", "printer", addresses.STAFF_TABLES, Permission.EDIT_TABLES, ""),
    ("look", "settings", addresses.STAFF_SETTINGS, Permission.EDIT_SETTINGS, "has_hours"),
    ("team", "user-plus", addresses.STAFF_TEAM, Permission.EDIT_TEAM, "has_team"),
)


def step_views(steps: FirstSteps, actor: Actor) -> list[StepView]:
    """The steps this person may take; none once guests can be served."""
    if steps.can_serve:
        return []
    return [
        StepView(
            key=key,
            title=translate(LANGUAGE, FIRST_STEPS[f"{key}_title"]),
            note=translate(LANGUAGE, FIRST_STEPS[f"{key}_note"]),
            icon=icon,
            href=href,
            is_done=bool(fact) and getattr(steps, fact),
        )
        for key, icon, href, permission, fact in _STEPS
        if actor.can(permission)
    ]
