"""What the editor's component reads: plain values made from what the services return."""

from typing import Any

from services.base.texts import plural, translate
from services.layouts.queries import Preview
from services.layouts.types import Answer, LayoutInfo, Problem
from services.reservations.rehousing import party_words
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE


def layout_views(layouts: list[LayoutInfo]) -> list[dict[str, Any]]:
    """The entries of the layout menu."""
    return [
        {
            "id": str(one.id),
            "name": one.name,
            "is_live": one.is_live,
            "caption": " · ".join(
                (
                    plural(LANGUAGE, "{count} table", "{count} tables", one.table_count),
                    plural(LANGUAGE, "{count} seat", "{count} seats", one.seat_count),
                )
            ),
        }
        for one in layouts
    ]


def answer_view(answer: Answer, *, batch_id: str) -> dict[str, Any]:
    """One answer; `batch` names the batch it is for."""
    return {
        "batch": batch_id,
        "layout_id": str(answer.layout_id),
        "revision": answer.revision,
        "live": answer.is_live,
        "done": list(answer.done),
        "refused": [
            {"key": one.key, "text": translate(LANGUAGE, one.message, **one.facts)}
            for one in answer.refused
        ],
        "conflicts": [
            {
                "key": one.key,
                "id": one.item_id,
                "part": one.part,
                "who": one.who,
                "theirs": one.theirs,
            }
            for one in answer.conflicts
        ],
        "items": list(answer.items),
        "order": list(answer.order) if answer.order is not None else None,
        "settings": answer.settings,
        "problems": [_problem(one) for one in answer.problems],
        "changes": answer.change_count,
    }


def preview_view(preview: Preview, restaurant: RestaurantInfo) -> dict[str, Any]:
    """What the question before publishing shows."""
    difference = preview.difference
    return {
        "revision": preview.revision,
        "new_tables": list(difference.new_tables),
        "changed_tables": list(difference.changed_tables),
        "gone_tables": list(difference.gone_tables),
        "new_areas": list(difference.new_areas),
        "changed_areas": list(difference.changed_areas),
        "gone_areas": list(difference.gone_areas),
        "decor": difference.is_decor_changed,
        "problems": [_problem(one) for one in preview.problems],
        "parties": [
            f"{one.tables}: {party_words(one, restaurant, LANGUAGE)}" for one in preview.parties
        ],
        # What publishing may take for shown.
        "party_ids": [str(one.id) for one in preview.parties],
        "error": "",
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "kind": problem.kind,
        "ids": list(problem.item_ids),
        "text": translate(LANGUAGE, problem.message, **problem.facts),
    }
