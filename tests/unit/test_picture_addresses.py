"""One rule for what a picture column holds and where the picture is."""

import pytest

from services.base.addresses import picture

STORED = "pictures/01a2036a-937b-770b-a946-bc3a7b3c4de6/0f3c.webp"


@pytest.mark.parametrize(
    ("file_name", "width", "address"),
    [
        (None, None, ""),
        ("", 216, ""),
        ("dishes/burrata.svg", None, "/dishes/burrata.svg"),
        ("dishes/burrata.svg", 216, "/dishes/burrata.svg"),
        ("demo/logo.svg", None, "/demo/logo.svg"),
        (STORED, None, f"/{STORED}"),
        (STORED, 216, "/pictures/01a2036a-937b-770b-a946-bc3a7b3c4de6/0f3c-216.webp"),
        (STORED, 480, "/pictures/01a2036a-937b-770b-a946-bc3a7b3c4de6/0f3c-480.webp"),
    ],
)
def test_the_address_is_the_name_below_the_root(
    file_name: str | None, width: int | None, address: str
) -> None:
    assert picture(file_name, width=width) == address


@pytest.mark.parametrize(
    "file_name",
    [
        "burrata",
        "burrata.svg",
        "/dishes/burrata.svg",
        "dishes/../secret.key",
        "pictures/../secret.key",
        "https://elsewhere.example/a.webp",
        'dishes/a.svg" onerror="x',
        "pictures/01a2036a-937b-770b-a946-bc3a7b3c4de6/0f3c.svg",
        "dishes/burrata.svg\n",
    ],
)
def test_anything_else_has_no_address(file_name: str) -> None:
    assert picture(file_name) == ""
