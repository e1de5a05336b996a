"""Names and notes as people type them, in any script, cleaned once at the door.

Quotes, slashes and everything else that is printed is welcome: no name ever becomes a path or a query.
"""

import unicodedata

from gait.errors import StoreRefused

MOST_IN_LINE = 255
MOST_IN_PROSE = 20_000
UNPRINTED = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They would turn the text of the page around a name as well."""


def line(text: str, field: str, *, needed: bool = True) -> str:
    """Return one line, in Unicode's composed form, without blanks at its ends.

    Raises
    ------
    StoreRefused
        If it is empty though needed, longer than ``MOST_IN_LINE``, or holds what cannot be printed.
    """
    clean = unicodedata.normalize("NFC", text).strip()
    if needed and not clean:
        raise StoreRefused("This may not be empty: type at least one letter.", id="empty", field=field)
    _check(clean, MOST_IN_LINE, "", field)
    return clean


def file_name(name: str) -> str:
    """Return a file's name as it can be kept and shown; what cannot be printed becomes a question mark."""
    printed = "".join("\N{REPLACEMENT CHARACTER}" if _unprinted(letter) else letter for letter in name)
    return line(printed[-MOST_IN_LINE:], "clip")


def prose(text: str, field: str) -> str:
    """Return text of any number of lines, as ``line`` does."""
    clean = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    _check(clean, MOST_IN_PROSE, "\n\t", field)
    return clean


def same_name(name: str) -> str:
    """Return what two names share that a person would call the same."""
    return unicodedata.normalize("NFKC", name).casefold()


def searchable(text: str) -> str:
    """Return text as it is searched: no accents, no capitals.

    >>> searchable("José Øster")
    'jose øster'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _check(text: str, most: int, allowed: str, field: str) -> None:
    if len(text) > most:
        raise StoreRefused(
            f"This is {len(text)} characters long and {most} fit: shorten it.", id="too-long", field=field
        )
    if any(_unprinted(letter) and letter not in allowed for letter in text):
        raise StoreRefused(
            "This holds a character that cannot be printed: type it again without it.",
            id="unprintable",
            field=field,
        )


def _unprinted(letter: str) -> bool:
    return letter in DIRECTION_MARKS or unicodedata.category(letter) in UNPRINTED
