"""Reports as files: whose, for whom, and what is refused."""

import pytest

from models.enums import Role
from smartmenu.http import cohorts, models, reports
from tests.http.app import client_of
from tests.security.worlds import make_world

pytestmark = pytest.mark.usefixtures("sqlite_database")
STARTS = {"csv": b"\xef\xbb\xbf", "xlsx": b"PK", "pdf": b"%PDF"}


async def _get(path: str, role: Role | None = Role.OWNER) -> tuple[int, bytes, str]:
    here = await make_world()
    cookie = {"cookie": here.staff_cookie(role)} if role else {}
    async with client_of([*reports.routes, *cohorts.routes, *models.routes]) as client:
        answer = await client.get(path, headers=cookie)
    return answer.status_code, answer.content, answer.headers.get("content-disposition", "")


@pytest.mark.parametrize("ending", STARTS)
async def test_an_owner_gets_a_report_as_each_kind_of_file(ending: str) -> None:
    status, content, name = await _get(f"/staff/reports/products.{ending}?range=7")
    assert status == 200
    assert content.startswith(STARTS[ending])
    assert name.endswith(f'.{ending}"')
    assert "-products-" in name


async def test_one_table_alone() -> None:
    status, content, _ = await _get("/staff/reports/visits.csv?range=7&section=visits")
    assert status == 200
    assert content.decode("utf-8-sig").splitlines()[0] == "Day,Visits,Before"
    assert len(content.splitlines()) == 8


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("path", ["cohorts/cohorts.{}?by=quarter", "models/models.{}"])
async def test_cohorts_and_models_are_files_before_any_night(path: str, ending: str) -> None:
    status, content, name = await _get(f"/staff/{path.format(ending)}")
    assert status == 200
    assert content.startswith(STARTS[ending])
    assert name.endswith(f'.{ending}"')


async def test_one_table_of_the_models_alone() -> None:
    _, content, _ = await _get("/staff/models/models.csv?table=fits")
    assert content.decode("utf-8-sig").split() == ["Model,Learnt", "from,Data", "until,Enough,Took"]


@pytest.mark.parametrize(
    ("path", "role", "status"),
    [
        ("/staff/models/models.csv?table=nothing", Role.OWNER, 422),
        ("/staff/models/models.xlsx", Role.WAITER, 403),
        ("/staff/cohorts/cohorts.csv?by=shoes", Role.OWNER, 422),
        ("/staff/reports/visits.csv", None, 303),
        ("/staff/reports/visits.csv", Role.WAITER, 403),
        ("/staff/reports/visits.csv", Role.KITCHEN, 403),
        ("/staff/reports/visits.csv", Role.MANAGER, 200),
        ("/staff/reports/secrets.csv", Role.OWNER, 404),
        ("/staff/reports/visits.exe", Role.OWNER, 404),
        ("/staff/reports/visits.csv?section=nothing", Role.OWNER, 404),
        ("/staff/reports/visits.csv?range=14", Role.OWNER, 422),
        ("/staff/reports/visits.csv?from=2020-01-01&to=x", Role.OWNER, 422),
    ],
)
async def test_who_may_not_and_what_is_nothing(path: str, role: Role | None, status: int) -> None:
    assert (await _get(path, role))[0] == status
