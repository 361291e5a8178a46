"""The order of tables, names of files, words of stickers."""

from uuid import UUID

import pytest

from services.base.sorting import natural_key
from services.codes.phrases import PAPER_MENU, SCAN, TABLE, languages_on_paper
from services.codes.types import PrintedCode

CODE_ID = UUID("018f8e6e-0000-7000-8000-000000000001")


def test_tables_are_ordered_as_people_count() -> None:
    numbers = ["10", "B10", "2", "B2", "1", "٣", "Garden 3", "garden 12", "²"]
    assert sorted(numbers, key=natural_key) == [
        "1", "2", "٣", "10", "B2", "B10", "Garden 3", "garden 12", "²",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "area", "stem"),
    [
        ("12", "Terrace", "table-12"),
        ("B 2", "", "table-b-2"),
        ("../../etc", "", "table-etc"),
        ('1"\r\nx: y', "", "table-1-x-y"),
        ("طاولة", "", "table"),
        ("", "الحديقة", "code"),
        ("", "Garden", "garden"),
        ("", "", "menu"),
    ],
)
def test_a_files_name_is_plain(number: str, area: str, stem: str) -> None:
    assert PrintedCode(CODE_ID, "http://x", number, area).file_stem == stem


@pytest.mark.parametrize(
    ("offered", "printed"),
    [
        (["en", "ar"], ["en", "ar"]),
        (["ar"], ["ar"]),
        (["de-AT", "en_GB", "de", "fr", "it"], ["de", "en", "fr"]),
        (["ja"], ["en"]),
        ([], ["en"]),
    ],
)
def test_a_sticker_speaks_the_restaurants_first_languages(
    offered: list[str], printed: list[str]
) -> None:
    assert languages_on_paper(offered) == printed


def test_every_language_has_all_phrases() -> None:
    assert SCAN.keys() == TABLE.keys() == PAPER_MENU.keys()
