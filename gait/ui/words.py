"""Say in a page what was written for the command line."""

import re

_FLAG = re.compile(r" \(--[^)]*\)")


def for_page(text: str) -> str:
    """Leave out the names of command-line options, which stand in brackets.

    Examples
    --------
    >>> for_page("give your height (--height-cm) or wait")
    'give your height or wait'
    """
    return _FLAG.sub("", text)
