"""The one sentence at the bottom of a screen that says what happened, and its undo."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import reflex as rx


@dataclass(frozen=True, slots=True)
class Undo:
    """What the undo button of a notice takes back: the last step of an order, and so on.

    For a table or its bill it is the journal's entry, else the thing itself.
    """

    kind: Literal[
        "order",
        "table",
        "bill",
        "category",
        "dish",
        "group",
        "reservation",
        "codes",
        "code",
        "note",
        "told_apart",
        "customers",
    ]
    subject_id: UUID


class NoticeState(rx.State):
    """A toast.

    `tone` is "info", "ok" or "bad"; every new notice gets a new `number`, so that it is announced
    again.
    """

    sentence: str = ""
    tone: str = "info"
    undo_label: str = ""
    number: int = 0
    # What undo means is remembered on the server; the browser only says "undo".
    _undo: Undo | None = None


async def tell(state: rx.State, sentence: str, *, tone: str = "info") -> None:
    """Show a sentence to whoever looks at this screen."""
    notice = await state.get_state(NoticeState)
    notice.sentence, notice.tone, notice.undo_label = sentence, tone, ""
    notice._undo = None  # noqa: SLF001 - the notice's own module
    notice.number += 1


async def tell_with_undo(state: rx.State, sentence: str, *, undo_label: str, undo: Undo) -> None:
    """Show a sentence with an undo button; `undo` is read back by `take_undo`."""
    await tell(state, sentence)
    notice = await state.get_state(NoticeState)
    notice.undo_label = undo_label
    notice._undo = undo  # noqa: SLF001


async def take_undo(state: rx.State) -> Undo | None:
    """What the last notice can undo, once; None when there is nothing."""
    notice = await state.get_state(NoticeState)
    undo, notice._undo = notice._undo, None  # noqa: SLF001
    notice.undo_label = ""
    notice.sentence = ""
    return undo
