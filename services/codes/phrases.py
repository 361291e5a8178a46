"""The words on a sticker, in every language a menu may have: more than the screens speak."""

from collections.abc import Sequence

# Scripts the fonts beside this file can set: Latin, Greek, Cyrillic, Arabic.
SCAN = {
    "en": "Scan to view the menu",
    "ar": "امسح الرمز لعرض القائمة",
    "bg": "Сканирайте, за да видите менюто",
    "cs": "Naskenujte a zobrazte menu",
    "da": "Scan og se menuen",
    "de": "Scannen und Speisekarte ansehen",
    "el": "Σαρώστε για να δείτε τον κατάλογο",
    "es": "Escanea para ver la carta",
    "fr": "Scannez pour voir la carte",
    "it": "Inquadra per vedere il menù",
    "nl": "Scan om de menukaart te zien",
    "pl": "Zeskanuj, aby zobaczyć menu",
    "pt": "Leia o código para ver a ementa",
    "ru": "Отсканируйте, чтобы открыть меню",
    "sv": "Skanna för att se menyn",
    "tr": "Menüyü görmek için tarayın",
    "uk": "Відскануйте, щоб переглянути меню",
}
TABLE = {
    "en": "Table",
    "ar": "طاولة",
    "bg": "Маса",
    "cs": "Stůl",
    "da": "Bord",
    "de": "Tisch",
    "el": "Τραπέζι",
    "es": "Mesa",
    "fr": "Table",
    "it": "Tavolo",
    "nl": "Tafel",
    "pl": "Stolik",
    "pt": "Mesa",
    "ru": "Стол",
    "sv": "Bord",
    "tr": "Masa",
    "uk": "Стіл",
}
# More lines than these make the number small.
MAX_LANGUAGES = 3


def languages_on_sticker(languages: Sequence[str]) -> list[str]:
    """The restaurant's languages that have words here, in its order; English when none has."""
    short = [tag.replace("_", "-").split("-")[0].lower() for tag in languages]
    known = [tag for tag in dict.fromkeys(short) if tag in SCAN]
    return known[:MAX_LANGUAGES] or ["en"]
