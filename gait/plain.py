"""Make text that somebody else wrote safe to show: one function for each surface.

A clip's name, its tags, a note, an error that repeats them: each may hold what a surface takes for a command,
such as a picture to fetch (Markdown), a tag (HTML), a formula (a spreadsheet), a colour or a bell (a
terminal), or a turn of the writing direction that makes one name look like another. What people write
stays as it looks; only what would do something is taken apart.
"""

import html
import re
import unicodedata

UNSHOWN = "\ufffd"
JOINERS = "\u200c\u200d"
"""Invisible, but part of words in Persian and of pictures of people: they stay."""
BREAK = "\u2060"
"""Invisible, takes no room, and is part of no address: it takes apart what a page would make a link of."""
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
MADE_INTO_SOMETHING = re.compile(r"(:(?=\S)|@|www(?=\.)|[-<>=~](?=[-<>=~]))", re.IGNORECASE)
"""What Markdown renderers look for in finished text: addresses, mail, ``:name:``, arrows."""
FORMULA = re.compile("^\\s*[=+\\-@|%\uff1d\uff0b\uff0d\uff20]")
FORBIDDEN_IN_NAMES = re.compile(r'[/\\:*?"<>|]')
DEVICES = re.compile(
    r"^(con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]|conin\$|conout\$)(\.|$)",
    re.IGNORECASE,
)
LONGEST_NAME_BYTES = 255


def line(text: str) -> str:
    """One line for a terminal or a log: no control characters, no turns of the writing direction.

    Examples
    --------
    >>> line("run" + chr(27) + "[31m.mp4")
    'run�[31m.mp4'
    >>> line("two" + chr(10) + "lines")
    'two lines'
    """
    return "".join(_shown(character) for character in text)


def block(text: str) -> str:
    """The same for several lines, which stay apart."""
    return "\n".join(line(each) for each in text.split("\n"))


def encodable(text: str, encoding: str | None) -> str:
    """What a stream of this encoding can print; characters it lacks become question marks.

    Examples
    --------
    >>> encodable("läuft ± 走", "cp1250")
    'läuft ± ?'
    """
    known = encoding or "utf-8"
    return text.encode(known, errors="replace").decode(known, errors="replace")


def readable(text: str) -> str:
    """Text that can be stored as UTF-8: what is no character (from names that are no UTF-8) is replaced."""
    return "".join(UNSHOWN if unicodedata.category(each) == "Cs" else each for each in text)


def markdown(text: str) -> str:
    r"""Text that a page shows as it is: no link, picture, tag, formula, icon or colour comes of it.

    Examples
    --------
    >>> markdown("*me*.mp4")
    '\\*me\\*\\.mp4'
    """
    escaped = PUNCTUATION.sub(r"\\\1", MADE_INTO_SOMETHING.sub(rf"\1{BREAK}", line(text).strip()))
    return re.sub(r"^(\d+)(?=\\[.)])", rf"\1{BREAK}", escaped)


def markup(text: str) -> str:
    """Text for HTML, in an element or in a quoted attribute.

    Examples
    --------
    >>> markup('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    """
    return html.escape(line(text), quote=True)


def cell(text: str) -> str:
    """Text for a table that a spreadsheet opens: it never begins a formula.

    Examples
    --------
    >>> cell("=HYPERLINK(1)")
    "'=HYPERLINK(1)"
    >>> cell("runner.mp4")
    'runner.mp4'
    """
    shown = line(text)
    return f"'{shown}" if FORMULA.search(shown) else shown


def file_name(text: str, otherwise: str = "clip") -> str:
    """A name for a file in a folder of ours, on every system: no path, no device, not too long.

    Parameters
    ----------
    otherwise
        The name if nothing of the text can be used.

    Examples
    --------
    >>> file_name("../../etc/passwd")
    '.._.._etc_passwd'
    >>> file_name("..")
    'clip'
    """
    safe = FORBIDDEN_IN_NAMES.sub("_", line(text).replace(UNSHOWN, "_")).strip().rstrip(". ")
    safe = f"_{safe}" if DEVICES.search(safe) or safe.startswith("-") else safe
    return _shortened(safe) or otherwise


def _shortened(name: str) -> str:
    """At most ``LONGEST_NAME_BYTES``, with what stands after the last dot."""
    if len(name.encode()) <= LONGEST_NAME_BYTES:
        return name
    stem, dot, kind = name.rpartition(".")
    suffix = f".{kind}" if dot and len(kind.encode()) < 20 else ""
    room = LONGEST_NAME_BYTES - len(suffix.encode())
    kept = (stem if suffix else name).encode()[:room].decode(errors="ignore")
    return kept.rstrip(". ") + suffix


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if character in "\t\n\r\v\f" or category in ("Zl", "Zp"):
        return " "
    if category in ("Cc", "Cs") or (category == "Cf" and character not in JOINERS):
        return UNSHOWN
    return character
