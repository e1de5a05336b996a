"""How a page says things."""


def pace(done: int, total: int, elapsed_s: float) -> str:
    """Say how far a piece of work is, how fast it goes and how long it takes yet.

    Examples
    --------
    >>> pace(50, 250, 2.0)
    '50 of 250 frames, 25 a second, 8 seconds left'
    >>> pace(1, 250, 0.0)
    '1 of 250 frames'
    """
    said = f"{done} of {total} frames"
    if elapsed_s < 1 or done == 0:
        return said
    rate = done / elapsed_s
    return f"{said}, {rate:.0f} a second, {(total - done) / rate:.0f} seconds left"
