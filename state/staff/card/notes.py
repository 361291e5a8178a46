"""Notes and tags, in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.base.texts import N_, clock_text, translate
from services.customers.notes import Note
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.card.head import day_of


@dataclass(frozen=True, slots=True)
class WordingView:
    """What a note said before."""

    key: str
    text: str
    who: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """One note."""

    id: str
    text: str
    who: str
    is_private: bool
    may_change: bool
    earlier: list[WordingView]


@dataclass(frozen=True, slots=True)
class NotesView:
    """The part as it stands on the screen.

    Attributes:
        rows: notes, newest first.
        tags: of this guest.
        known_tags: of the restaurant, for suggestions.
        number: another one empties the fields.
        editing: id of the note that is being changed; empty for none.
        draft: the words its field begins with.
        problem: why something was refused.
        problem_at: "new", "tag" or the id of a note.
        theirs: what somebody else has made of the note meanwhile.
    """

    rows: list[NoteView] = field(default_factory=list[NoteView])
    tags: list[str] = field(default_factory=list[str])
    known_tags: list[str] = field(default_factory=list[str])
    number: int = 0
    editing: str = ""
    draft: str = ""
    problem: str = ""
    problem_at: str = ""
    theirs: str = ""


def notes_view(
    notes: Sequence[Note],
    tags: Sequence[str],
    known_tags: Sequence[str],
    *,
    number: int,
    restaurant: RestaurantInfo,
) -> NotesView:
    """Notes and tags, with nothing being changed."""
    has = set(tags)
    return NotesView(
        rows=[_note(note, restaurant) for note in notes],
        tags=list(tags),
        known_tags=[tag for tag in known_tags if tag not in has],
        number=number,
    )


def _note(note: Note, restaurant: RestaurantInfo) -> NoteView:
    who = _who(note.by, note.edited_at or note.created_at, restaurant)
    return NoteView(
        id=str(note.id),
        text=note.text,
        who=translate(LANGUAGE, N_("{who}, changed"), who=who) if note.version else who,
        is_private=note.is_private,
        may_change=note.may_change,
        earlier=[
            WordingView(str(index), was.text, _who(was.by, was.at, restaurant))
            for index, was in enumerate(note.earlier)
        ],
    )


def _who(name: str, at: datetime, restaurant: RestaurantInfo) -> str:
    clock = clock_text(at, time_zone=restaurant.time_zone, language=LANGUAGE)
    parts = (name, day_of(at, restaurant), clock)
    return ", ".join(part for part in parts if part)
