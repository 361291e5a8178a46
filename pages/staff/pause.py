"""The pause of orders, filled with the Vars of its state."""

from components.staff.pause import PauseVars
from state.staff.pause import PauseState


def pause() -> PauseVars:
    """What board and floor show of it."""
    return PauseVars(
        texts=PauseState.texts,
        is_paused=PauseState.is_paused,
        may_pause=PauseState.may_pause,
        on_set=PauseState.set_paused,
    )
