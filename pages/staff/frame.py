"""The frame of staff screens, filled with the Vars of its state."""

from typing import Any

from components.staff.shell import FrameVars
from state.notice import NoticeState
from state.staff.frame import FrameState


def frame(*, is_ready: Any, on_undo: Any = None, pending_count: Any = None) -> FrameVars:
    """The frame around one screen.

    Args:
        is_ready: Var that is true once this screen's own state is there.
        on_undo: handler of the screen that undoes what its last notice told.
        pending_count: of new orders, where the screen knows them itself.
    """
    return FrameVars(
        texts=FrameState.texts,
        restaurant_name=FrameState.restaurant_name,
        hours_text=FrameState.hours_text,
        logo=FrameState.logo,
        person=FrameState.person,
        initials=FrameState.initials,
        role=FrameState.role,
        may=FrameState.may,
        pending_count=FrameState.pending_count if pending_count is None else pending_count,
        unread_count=FrameState.unread_count,
        is_ready=FrameState.is_ready & is_ready,
        is_menu_open=FrameState.is_menu_open,
        has_other_restaurants=FrameState.has_other_restaurants,
        on_toggle_menu=FrameState.toggle_menu,
        notice=NoticeState.sentence,
        notice_tone=NoticeState.tone,
        notice_number=NoticeState.number,
        undo_label=NoticeState.undo_label,
        on_undo=on_undo if on_undo is not None else FrameState.dismiss_notice,
        on_dismiss=FrameState.dismiss_notice,
    )
