"""Areas, decor and the stage, as screens draw them."""

from uuid import UUID

import pytest

from services.floor.layout import Box, lay_out, name_spot
from services.floor.types import Floor, FloorArea
from state.staff.floor_ground import area_views, decor_views, view_of, whole_of

HALL, YARD = UUID(int=1), UUID(int=2)
# An L whose upper left quarter is missing.
L_SHAPE = ((300.0, 0.0), (600.0, 0.0), (600.0, 400.0), (0.0, 400.0), (0.0, 200.0), (300.0, 200.0))
PLAN = lay_out([(HALL, Box(0, 0, 600, 400)), (YARD, Box(700, 0, 300, 400))], [])
FLOOR = Floor(
    plan=PLAN,
    areas=(
        FloorArea(HALL, "Hall", "indoor", 0, 0, outline=L_SHAPE),
        FloorArea(YARD, "Yard", "garden", 1, 4),
    ),
    tables=(),
)
WALL = {
    "id": "wall-1",
    "kind": "wall",
    "x": 720,
    "y": 390,
    "width": 200,
    "height": 10,
    "rotation": 30,
}
TEXT = {
    "id": "text-1",
    "kind": "text",
    "x": -200,
    "y": 100,
    "width": 100,
    "height": 40,
    "text": "Street",
}
PICTURE = {
    "id": "picture-1",
    "kind": "picture",
    "x": -900,
    "y": -900,
    "width": 3000,
    "height": 3000,
    "file": "media/plan.webp",
    "opacity": 40,
}


def test_a_drawn_area_has_its_outline_and_a_name_inside_of_it() -> None:
    hall, yard = area_views(FLOOR)
    assert (hall.corners, hall.square, hall.look) == (
        "300,0 600,0 600,400 0,400 0,200 300,200",
        "0 0 600 400",
        "drawn",
    )
    # 18 cm from the inner edge at 300, 18 cm from the top.
    assert hall.heading == {"left": "53.00%", "top": "4.50%"}
    assert (yard.corners, yard.heading, yard.look) == ("", {}, "grass")


@pytest.mark.parametrize(
    ("outline", "spot"),
    [
        # A rectangle: its corner.
        (((0.0, 0.0), (500.0, 0.0), (500.0, 300.0), (0.0, 300.0)), (18.0, 18.0)),
        # A gable is twice as wide as it is deep: 160 cm from 80 on, found in steps of 5 from 18.
        (((200.0, 0.0), (400.0, 200.0), (400.0, 400.0), (0.0, 400.0), (0.0, 200.0)), (135.0, 83.0)),
        # Too narrow everywhere: the widest place there is.
        (((0.0, 0.0), (60.0, 0.0), (60.0, 300.0), (0.0, 300.0)), (18.0, 18.0)),
    ],
)
def test_names_stand_where_there_is_room(
    outline: tuple[tuple[float, float], ...], spot: tuple[float, float]
) -> None:
    assert name_spot(outline) == pytest.approx(spot)


def test_decor_knows_its_area_its_turn_and_its_picture() -> None:
    wall, text, picture = decor_views([WALL, TEXT, PICTURE], PLAN)
    assert (wall.area_id, wall.style["--r"], wall.style["--w"]) == (str(YARD), "30deg", "200")
    assert (text.area_id, text.text, text.style["--r"]) == ("", "Street", "0deg")
    assert (picture.area_id, picture.source, picture.style["opacity"]) == (
        "",
        "/media/plan.webp",
        "0.4",
    )


def test_the_stage_holds_what_stands_beside_the_areas_but_no_picture_below_them() -> None:
    assert whole_of(PLAN, [WALL, TEXT, PICTURE]) == Box(-200, -24, 1224, 448)
    assert whole_of(PLAN) == PLAN.box
    areas = area_views(FLOOR)
    assert view_of(PLAN.box, areas, "") == {
        "--vx": "-24",
        "--vy": "-24",
        "--vw": "1048",
        "--vh": "448",
    }
    assert view_of(PLAN.box, areas, str(YARD)) == {
        "--vx": "700",
        "--vy": "0",
        "--vw": "300",
        "--vh": "400",
    }
