"""The words on printed codes, in every language a menu may have: more than the screens speak."""

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
# Nobody is forced to use a phone.
PAPER_MENU = {
    "en": "No app, no sign-up. Or ask us for the printed menu.",
    "ar": "بلا تطبيق وبلا تسجيل. أو اطلب منا القائمة المطبوعة.",
    "bg": "Без приложение, без регистрация. Или ни помолете за печатното меню.",
    "cs": "Bez aplikace, bez registrace. Nebo si řekněte o tištěné menu.",
    "da": "Ingen app, ingen tilmelding. Eller bed os om det trykte menukort.",
    "de": "Ohne App, ohne Anmeldung. Oder fragen Sie nach der gedruckten Karte.",
    "el": "Χωρίς εφαρμογή, χωρίς εγγραφή. Ή ζητήστε μας τον έντυπο κατάλογο.",
    "es": "Sin app ni registro. O pídenos la carta impresa.",
    "fr": "Sans appli ni inscription. Ou demandez-nous la carte imprimée.",
    "it": "Senza app né registrazione. Oppure chiedici il menù stampato.",
    "nl": "Geen app, geen aanmelding. Of vraag ons om de gedrukte kaart.",
    "pl": "Bez aplikacji i rejestracji. Albo poproś nas o drukowane menu.",
    "pt": "Sem app, sem registo. Ou peça-nos a ementa impressa.",
    "ru": "Без приложения и регистрации. Или попросите у нас печатное меню.",
    "sv": "Ingen app, ingen registrering. Eller be oss om den tryckta menyn.",
    "tr": "Uygulama ve kayıt gerekmez. Ya da bizden basılı menüyü isteyin.",
    "uk": "Без застосунку й реєстрації. Або попросіть у нас друковане меню.",
}
# More lines than these make the number small.
MAX_LANGUAGES = 3


def languages_on_paper(languages: Sequence[str]) -> list[str]:
    """The restaurant's languages that have words here, in its order; English when none has."""
    short = [tag.replace("_", "-").split("-")[0].lower() for tag in languages]
    known = [tag for tag in dict.fromkeys(short) if tag in SCAN]
    return known[:MAX_LANGUAGES] or ["en"]
