from pathlib import Path
from random import Random

from services.identity import aliases

ICONS = Path(__file__).parents[2] / "assets" / "icons.svg"


def test_an_alias_is_a_word_and_four_digits_that_people_can_say() -> None:
    rng = Random(7)
    for _ in range(2000):
        word, number = aliases.new_alias(rng).split(" ")
        assert word in aliases.WORDS
        assert len(number) == 4
        assert 1000 <= int(number) <= 9999


def test_the_words_are_about_sixty_and_differ() -> None:
    assert len(aliases.WORDS) == 67
    assert len({word.lower() for word in aliases.WORDS}) == 67
    assert all(word.isascii() and word.isalpha() and len(word) <= 12 for word in aliases.WORDS)


def test_every_face_is_an_icon_of_the_sprite_and_one_of_four_tints() -> None:
    sprite = ICONS.read_text(encoding="utf-8")
    for word in aliases.WORDS:
        shown = aliases.face(f"{word} 4821")
        assert f'id="{shown.icon}"' in sprite
        assert 1 <= shown.tint <= 4


def test_the_face_of_an_alias_never_changes() -> None:
    # Basil: 5 letters, digits 4 + 8 + 2 + 1 = 15, (5 + 15) % 4 + 1 = 1.
    assert aliases.face("Basil 4821") == aliases.Face(icon="leaf", tint=1)
    assert aliases.face("Basil 4822") == aliases.Face(icon="leaf", tint=2)


def test_somebody_without_an_alias_has_the_plain_face() -> None:
    assert aliases.face(aliases.NO_ALIAS) == aliases.Face(icon="user", tint=3)
    assert aliases.face("") == aliases.Face(icon="user", tint=3)
