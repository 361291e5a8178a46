"""Uploads: only pictures, only from those who may, only of a bounded size; and what is served."""

import asyncio
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from models.enums import Role
from models.restaurants import Restaurant
from services.accounts import sessions
from services.base import clock
from services.base.database import transaction
from services.base.limits import Bucket
from services.base.settings import settings
from services.pictures.pictures import MOST_BYTES
from smartmenu.http import pictures
from tests.builders import make_restaurant, make_user
from tests.http.app import client_of

pytestmark = pytest.mark.usefixtures("sqlite_database")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@dataclass(frozen=True, slots=True)
class Place:
    restaurant: Restaurant
    token: str


async def _place(role: Role = Role.OWNER) -> Place:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        user = await make_user(session, restaurant=restaurant, role=role)
        token = await sessions.start_session(
            session, user_id=user.user.id, restaurant_id=restaurant.id, now=clock.now()
        )
    return Place(restaurant, token)


def _photo(width: int = 400, height: int = 300) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "#B5391F").save(out, "JPEG")
    return out.getvalue()


async def _post(
    place: Place | None,
    body: bytes,
    *,
    kind: str = "dish",
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    async with client_of(pictures.routes) as client:
        if place is not None:
            client.cookies.set("smartmenu_session", place.token)
        if headers is not None:
            del client.headers["sec-fetch-site"]
        return await client.post(f"/staff/pictures?kind={kind}", content=body, headers=headers)


async def _get(path: str) -> httpx.Response:
    async with client_of(pictures.routes) as client:
        return await client.get(path)


def _stored() -> list[Path]:
    return sorted(settings().data_folder.glob("pictures/**/*.*"))


async def test_a_photo_is_stored_square_in_three_sizes_under_its_restaurant() -> None:
    place = await _place()
    answer = await _post(place, _photo())
    assert answer.status_code == 201
    name = answer.json()["picture_file"]
    assert name.startswith(f"pictures/{place.restaurant.id}/")
    assert answer.json()["url"] == f"/{name.removesuffix('.webp')}-480.webp"
    assert len(_stored()) == 3
    served = await _get(f"/{name}")
    assert Image.open(BytesIO(served.content)).size == (300, 300)


async def test_a_logo_keeps_its_shape() -> None:
    answer = await _post(await _place(), _photo(400, 100), kind="logo")
    served = await _get(f"/{answer.json()['picture_file']}")
    assert Image.open(BytesIO(served.content)).size == (400, 100)


async def test_a_stored_picture_is_kept_for_ever_and_never_sniffed() -> None:
    name = (await _post(await _place(), _photo())).json()["picture_file"]
    served = await _get(f"/{name}")
    assert served.status_code == 200
    assert served.headers["content-type"] == "image/webp"
    assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert served.headers["x-content-type-options"] == "nosniff"
    assert served.headers["content-security-policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("role", "kind", "status"),
    [
        (Role.MANAGER, "dish", 201),
        (Role.WAITER, "dish", 403),
        (Role.KITCHEN, "dish", 403),
        (Role.OWNER, "logo", 201),
        (Role.MANAGER, "logo", 403),
    ],
)
async def test_only_those_who_edit_may_upload(role: Role, kind: str, status: int) -> None:
    answer = await _post(await _place(role), _photo(), kind=kind)
    assert answer.status_code == status
    assert len(_stored()) == (3 if status == 201 else 0)


async def test_a_stranger_is_refused() -> None:
    answer = await _post(None, _photo())
    assert answer.status_code == 401
    assert answer.json() == {"error": "Please log in."}
    assert _stored() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
async def test_another_page_cannot_upload(headers: dict[str, str]) -> None:
    answer = await _post(await _place(), _photo(), headers=headers)
    assert answer.status_code == 403
    assert _stored() == []


async def test_a_picture_over_ten_megabytes_is_refused() -> None:
    answer = await _post(await _place(), _photo() + b"\0" * MOST_BYTES)
    assert answer.status_code == 413
    assert answer.json() == {"error": "This picture is too large: at most 10 MB."}
    assert _stored() == []


async def test_one_restaurant_cannot_fill_the_memory_that_all_share() -> None:
    """Bodies that drip wait in memory; those of another restaurant are read all the same."""
    place, other = await _place(), await _place()
    first_read, go_on = asyncio.Event(), asyncio.Event()
    began = 0

    async def drip():  # noqa: ANN202
        nonlocal began
        began += 1
        yield b"\0" * 1_000
        if began == pictures.MOST_AT_ONCE:
            first_read.set()
        await go_on.wait()
        yield _photo()

    async with client_of(pictures.routes) as client:
        client.cookies.set("smartmenu_session", place.token)
        sent = [
            asyncio.ensure_future(client.post("/staff/pictures", content=drip()))
            for _ in range(pictures.MOST_AT_ONCE)
        ]
        await asyncio.wait_for(first_read.wait(), 20)
        refused = await client.post("/staff/pictures", content=_photo())
        theirs = await _post(other, _photo())
        go_on.set()
        answers = await asyncio.gather(*sent)
        again = await client.post("/staff/pictures", content=_photo())
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "10")
    assert theirs.status_code == 201
    assert [one.status_code for one in answers] == [422] * pictures.MOST_AT_ONCE
    assert again.status_code == 201
    assert pictures._under_way == {}


async def test_a_script_that_uploads_without_end_is_told_to_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pictures, "_per_restaurant", Bucket(capacity=2, refill_per_second=0))
    place = await _place()
    codes = [(await _post(place, _photo())).status_code for _ in range(4)]
    assert codes == [201, 201, 429, 429]
    assert (await _post(await _place(), _photo())).status_code == 201


async def test_an_announced_size_is_refused_before_anything_is_read() -> None:
    place = await _place()
    read = 0

    async def body():  # noqa: ANN202
        nonlocal read
        for _ in range(20):
            read += 1
            yield b"\0" * 1_000_000

    async with client_of(pictures.routes) as client:
        client.cookies.set("smartmenu_session", place.token)
        answer = await client.post(
            "/staff/pictures",
            content=body(),
            headers={"content-length": str(MOST_BYTES + 1)},
        )
    assert answer.status_code == 413
    assert read == 0
    assert _stored() == []


@pytest.mark.parametrize("body", [b"", b"hello", SVG, b"GIF89a" + b"\0" * 300, _photo()[:200]])
async def test_what_is_no_picture_is_refused(body: bytes) -> None:
    answer = await _post(await _place(), body)
    assert answer.status_code == 422
    assert answer.json() == {"error": "This file is not a picture we can read."}
    assert _stored() == []


async def test_an_unknown_kind_is_refused() -> None:
    assert (await _post(await _place(), _photo(), kind="menu")).status_code == 422
    assert _stored() == []


@pytest.mark.parametrize(
    "path",
    [
        "/pictures/../smartmenu.db",
        "/pictures/%2e%2e/smartmenu.db",
        "/pictures/..%2fsecret.key",
        "/pictures//etc/passwd",
        "/pictures/%2fetc%2fpasswd",
        "/pictures/{restaurant}/../../secret.key",
        "/pictures/{restaurant}/%2e%2e%2f%2e%2e%2fsecret.key",
        "/pictures/{restaurant}/note.txt",
        "/pictures/{restaurant}/a.svg",
        "/pictures/{restaurant}/a.webp%00.txt",
        "/pictures/{restaurant}",
        "/pictures/",
    ],
)
async def test_nothing_but_pictures_is_served(path: str) -> None:
    place = await _place()
    folder = settings().data_folder / "pictures" / str(place.restaurant.id)
    folder.mkdir(parents=True)
    for file in (folder / "note.txt", folder / "a.svg", settings().data_folder / "secret.key"):
        file.write_text("secret")
    answer = await _get(path.format(restaurant=place.restaurant.id))
    assert answer.status_code == 404
    assert "secret" not in answer.text


async def test_a_link_out_of_the_folder_is_not_followed() -> None:
    place = await _place()
    folder = settings().data_folder / "pictures" / str(place.restaurant.id)
    folder.mkdir(parents=True)
    (settings().data_folder / "secret.key").write_text("secret")
    (folder / "a.webp").symlink_to(settings().data_folder / "secret.key")
    assert (await _get(f"/pictures/{place.restaurant.id}/a.webp")).status_code == 404
