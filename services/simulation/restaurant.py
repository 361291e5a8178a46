"""Creates the demo restaurant: settings, menu, room, printed codes and team."""

from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.enums import CodeKind
from models.restaurants import Restaurant
from models.seating import Area, Table, TableCode
from services.restaurants.brand import brand_of
from services.simulation.branches import Branch
from services.simulation.codes import seeded_codes
from services.simulation.drawing import add_layout
from services.simulation.material import Entry, Material, translations
from services.simulation.menu import MenuParts, add_menu
from services.simulation.rows import as_moment, as_uuid, row_id
from services.simulation.stage import Login, Stage, StageArea, StageTable
from services.simulation.team import Hired, add_team

TAX_RATE_BASIS_POINTS = 1000
LOGO_FILE = "demo/logo.svg"
# Copies of the room stand a plan's height below one another.
PLAN_GAP = 40


@dataclass(slots=True)
class _Build:
    """What every row of the restaurant needs."""

    session: AsyncSession
    rng: Random
    at_ms: int
    restaurant_id: str

    def add(self, model: type[Any], **values: object) -> str:
        """Add one row of the restaurant and return its id."""
        new = row_id(self.rng, self.at_ms)
        self.session.add(
            model(
                id=as_uuid(new),
                created_at=as_moment(self.at_ms),
                restaurant_id=as_uuid(self.restaurant_id),
                **values,
            )
        )
        return new


async def create_restaurant(
    session: AsyncSession,
    *,
    material: Material,
    team: list[Hired],
    branch: Branch,
    at_ms: int,
) -> Stage:
    """Add the restaurant with everything a guest or the team meets.

    Args:
        session: open transaction; flushed, not committed.
        material: what the files say.
        team: who may log in, from `hire`.
        branch: which of the chain; the same seed gives the same ids and codes. Copies of the room
            are for load tests.
        at_ms: when it was founded.
    """
    rng = Random(f"restaurant:{branch.seed}")
    build = _Build(session, rng, at_ms, row_id(rng, at_ms))
    hours = {day[:3]: [shift] for day, shift in material.opening_hours.items()}
    written = material.restaurant
    colour = written["brand_colour"]
    session.add(
        Restaurant(
            id=as_uuid(build.restaurant_id),
            created_at=as_moment(at_ms),
            slug=branch.slug,
            name=branch.name,
            currency=written["currency"],
            time_zone=written["time_zone"],
            languages=written["languages"],
            opening_hours=hours,
            tax_rate_basis_points=TAX_RATE_BASIS_POINTS,
            brand_color=colour,
            brand_tokens=brand_of(colour).tokens,
            logo_file=LOGO_FILE,
            uses_cleaning=False,
            is_demo=True,
        )
    )
    await session.flush()
    menu = await add_menu(build.add, session, material)
    areas, tables = await _add_room(build, material, branch.room_copies)
    logins = await add_team(build.add, session, team, rng=rng, at_ms=at_ms)
    await add_layout(
        build.add,
        session,
        restaurant_id=as_uuid(build.restaurant_id),
        decor=material.decor,
        at_ms=at_ms,
    )
    return _stage(build, branch, written, hours, menu, areas, tables, logins)


def _stage(
    build: _Build,
    branch: Branch,
    written: Entry,
    hours: dict[str, list[list[str]]],
    menu: MenuParts,
    areas: list[StageArea],
    tables: list[StageTable],
    logins: list[Login],
) -> Stage:
    return Stage(
        restaurant_id=build.restaurant_id,
        slug=branch.slug,
        name=branch.name,
        currency=written["currency"],
        time_zone=written["time_zone"],
        hours=hours,
        tax_rate_basis_points=TAX_RATE_BASIS_POINTS,
        category_ids=menu.category_ids,
        category_keys=menu.category_keys,
        dishes=menu.dishes,
        areas=tuple(areas),
        tables=tuple(tables),
        logins=tuple(logins),
    )


async def _add_room(
    build: _Build, material: Material, copies: int
) -> tuple[list[StageArea], list[StageTable]]:
    table_count = sum(len(area["tables"]) for area in material.areas)
    codes = iter(seeded_codes(build.rng, 1 + copies * (len(material.areas) + table_count)))
    build.add(TableCode, kind=CodeKind.GENERAL, code=next(codes), label="Menu")
    areas: list[StageArea] = []
    tables: list[StageTable] = []
    height = max(area["y"] + area["height"] for area in material.areas) + PLAN_GAP
    for copy in range(copies):
        for entry in material.areas:
            area = _add_area(build, entry, len(areas), copy, copy * height)
            await build.session.flush()
            code = next(codes)
            name = entry["name"]["en"] + (f" {copy + 1}" if copy else "")
            code_id = build.add(
                TableCode, kind=CodeKind.AREA, code=code, area_id=as_uuid(area), label=name
            )
            areas.append(
                StageArea(
                    id=area,
                    key=entry["key"],
                    name=name,
                    code_id=code_id,
                    code=code,
                    is_outdoor=entry["area_type"] in {"outdoor", "garden"},
                )
            )
            for seat in entry["tables"]:
                tables.append(
                    await _add_table(
                        build, seat, len(tables), len(areas) - 1, area, copy, height, next(codes)
                    )
                )
    await build.session.flush()
    return areas, tables


def _add_area(build: _Build, entry: Entry, position: int, copy: int, shift: float) -> str:
    return build.add(
        Area,
        name=entry["name"]["en"] + (f" {copy + 1}" if copy else ""),
        translations=translations(entry, "name"),
        area_type=entry["area_type"],
        service_type=entry["service_type"],
        position=position,
        floor_plan_coordinates={
            "x": entry["x"],
            "y": entry["y"] + shift,
            "width": entry["width"],
            "height": entry["height"],
        },
    )


async def _add_table(
    build: _Build,
    entry: Entry,
    number: int,
    area: int,
    area_id: str,
    copy: int,
    height: float,
    code: str,
) -> StageTable:
    label = entry["number"] + (f"-{copy + 1}" if copy else "")
    table_id = build.add(
        Table,
        area_id=as_uuid(area_id),
        table_number=label,
        table_name=entry.get("name", {}).get("en"),
        capacity=entry["seats"],
        table_type=entry["table_type"],
        shape=entry["shape"],
        floor_plan_x=entry["x"],
        floor_plan_y=entry["y"] + copy * height,
        floor_plan_width=entry["width"],
        floor_plan_height=entry["height"],
        floor_plan_rotation=entry["rotation"],
    )
    await build.session.flush()
    code_id = build.add(
        TableCode,
        kind=CodeKind.TABLE,
        code=code,
        table_id=as_uuid(table_id),
        area_id=as_uuid(area_id),
        label=label,
    )
    return StageTable(
        number=number,
        id=table_id,
        label=label,
        area=area,
        area_id=area_id,
        code_id=code_id,
        code=code,
        seats=entry["seats"],
    )
