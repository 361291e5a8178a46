"""What forms of staff screens share: reading what was typed, telling a refusal at its field.

Inputs are not controlled: what somebody types stays in the browser until it is sent whole, so
nothing is lost when a field is refused. `wrong` of a screen maps a field's name to the sentence
shown below it.
"""

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

import reflex as rx

from services.base.errors import InvalidInputError, SmartMenuError
from services.base.texts import N_, sentence
from state.doors import anyone
from state.staff.access import LANGUAGE

# A form as it was sent: texts by field name; boxes that are not ticked are missing.
FormData = dict[str, str]
# Where a refusal goes that names no field: above the buttons.
WHOLE_FORM = "form"


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list to choose from."""

    value: str
    label: str


class FormState(rx.State, mixin=True):
    """What the State of every form has: refusals, and whether something is not saved."""

    wrong: dict[str, str] = {}
    is_dirty: bool = False
    # Goes up whenever the form starts anew: its fields are drawn again.
    form_number: int = 0

    @rx.event
    @anyone
    async def touch(self):
        """Something was changed and is not saved."""
        self.is_dirty = True

    def _start_anew(self) -> None:
        self.wrong = {}
        self.is_dirty = False
        self.form_number += 1


class ListedFormState(FormState, mixin=True):
    """A form that takes the place of a list, and gives it back."""

    @rx.event
    @anyone
    async def leave(self):
        """Back to the list; what is not saved is forgotten."""
        self.is_dirty = False
        await self._go_back()

    @abstractmethod
    async def _go_back(self) -> None:
        """Show the list."""


def refusal(error: SmartMenuError, *, field: str = "") -> dict[str, str]:
    """The value of `wrong` for one refusal.

    Args:
        error: what a service refused.
        field: where to show it when the error names no field.
    """
    named = error.field if isinstance(error, InvalidInputError) else ""
    return {named or field or WHOLE_FORM: sentence(LANGUAGE, error)}


def ticked(form: FormData, prefix: str, offered: Iterable[str]) -> tuple[str, ...]:
    """The values whose boxes "prefix.value" are ticked."""
    return tuple(value for value in offered if f"{prefix}.{value}" in form)


def number(form: FormData, name: str, *, otherwise: int | None = None) -> int | None:
    """A whole number as it was typed; `otherwise` for an empty field.

    Raises:
        InvalidInputError: something that is no whole number.
    """
    text = form.get(name, "").strip()
    if not text:
        return otherwise
    # int() reads digits of any script, and would read "1_000" too.
    if len(text) > 9 or not text.removeprefix("-").isdecimal():
        msg = N_("This must be a whole number.")
        raise InvalidInputError(msg, field=name)
    return int(text)


def needed_number(form: FormData, name: str) -> int:
    """A whole number that must be there.

    Raises:
        InvalidInputError: empty, or no whole number.
    """
    found = number(form, name)
    if found is None:
        msg = N_("This cannot be empty.")
        raise InvalidInputError(msg, field=name)
    return found


def translations_of(
    form: FormData, languages: Iterable[str], parts: Iterable[str], *, prefix: str = ""
) -> dict[str, dict[str, str]]:
    """Translated texts from fields like "translations.ar.name"."""
    names = list(parts)
    return {
        language: {part: form.get(f"{prefix}translations.{language}.{part}", "") for part in names}
        for language in languages
    }
