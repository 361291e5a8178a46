"""Lets go of what a page that starts has read of its tab's state and nobody has written.

Reflex keeps a State of every screen for each tab, those of the staff for guests too. They cost
little until the page is sent what all of them hold: then each default becomes a value, lists and
dicts one for every tab, and a guest's phone held a hundred kilobytes of empty staff screens.
"""

from collections.abc import Iterator

from reflex.state import BaseState


def forget_untouched(root: BaseState) -> None:
    """Empty the States nobody has written to; whoever reads them finds their defaults again.

    Only for a tree that lives in this process's memory: in one that came out of Valkey nothing says
    what was written before.

    Args:
        root: the root of a tab's tree, locked.
    """
    for state in _tree(root):
        if not state._was_touched:  # noqa: SLF001 - how the framework itself knows
            vars(state).clear()


def _tree(state: BaseState) -> Iterator[BaseState]:
    yield state
    for below in state.substates.values():
        yield from _tree(below)
