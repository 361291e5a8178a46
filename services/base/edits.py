"""A form that was open while somebody else saved: what each of them changed is kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from services.base.errors import ConflictError
from services.base.texts import N_

Draft = TypeVar("Draft")


class ChangedMeanwhileError(ConflictError):
    """Two people changed the same thing to something else; nothing was saved."""

    def __init__(self, current: object) -> None:
        """Carry what stands there now: whoever has been told of it may save again."""
        super().__init__(
            N_(
                "Somebody else has changed the same thing meanwhile."
                " Save again to put yours in its place."
            )
        )
        self.current = current


def merged(mine: Draft, seen: Draft | None, current: Draft, *, sets: Collection[str] = ()) -> Draft:
    """A form's draft with what others have saved in fields that this form left as they were.

    Args:
        mine: a dataclass, as the form holds it now.
        seen: as it was opened; None compares nothing.
        current: as it is stored now.
        sets: fields in which the order says nothing.

    Returns:
        What to save. Of mappings each key counts by itself, and a key that the form does not have
        stays as it is stored.

    Raises:
        ChangedMeanwhileError: a field was changed here and there, to something else.
    """
    if seen is None:
        return mine
    values: dict[str, Any] = {}
    for field in fields(cast("Any", mine)):
        ours, before, theirs = (getattr(one, field.name) for one in (mine, seen, current))
        if isinstance(ours, Mapping):
            values[field.name] = _by_key(cast("Mapping[str, Any]", ours), before, theirs, current)
        else:
            is_set = field.name in sets
            values[field.name] = _one(ours, before, theirs, current, is_set=is_set)
    return cast("Draft", replace(cast("Any", mine), **values))


def _by_key(
    ours: Mapping[str, Any], before: Mapping[str, Any], theirs: Mapping[str, Any], current: object
) -> dict[str, Any]:
    kept = {
        key: _one(ours[key], before.get(key), theirs.get(key), current)
        if key in ours
        else theirs[key]
        for key in dict.fromkeys((*theirs, *ours))
    }
    return {key: value for key, value in kept.items() if value is not None}


def _one(ours: Any, before: Any, theirs: Any, current: object, *, is_set: bool = False) -> Any:  # noqa: ANN401
    plain = [_plain(value) for value in (ours, before, theirs)]
    if is_set:
        plain = [frozenset(value) for value in plain]
    mine, was, now = plain
    if mine == was:
        return theirs
    if now in (was, mine):
        return ours
    raise ChangedMeanwhileError(current)


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Comparable however it is held: lists as tuples, nothing as nothing."""
    if value is None:
        return ()
    if isinstance(value, str):
        # A field of a form ends lines as browsers do.
        return " ".join(value.split()) or ()
    if isinstance(value, Mapping):
        pairs = ((str(key), _plain(one)) for key, one in cast("Mapping[Any, Any]", value).items())
        return tuple(sorted((pair for pair in pairs if pair[1] != ()), key=lambda pair: pair[0]))
    if isinstance(value, Sequence):
        return tuple(_plain(one) for one in cast("Sequence[Any]", value))
    if is_dataclass(value):
        return tuple(_plain(getattr(value, field.name)) for field in fields(value))
    return value
