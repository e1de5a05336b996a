"""Two films that can be laid beside each other."""

from dataclasses import dataclass

from gait.analysis import ClipAnalysis
from gait.export import matched, overlay
from gait.export.proxy import Proxy, proxy


@dataclass(frozen=True, eq=False)
class Films:
    """Two films of one runner, the earlier one first."""

    landings: bytes | None
    """A typical landing of each as one JPEG; None where one of them has none."""
    proxies: tuple[Proxy, Proxy]


def films_of(before: ClipAnalysis, after: ClipAnalysis) -> Films:
    """Draw a typical landing of each, and prepare both for the player.

    Raises
    ------
    UnreadableClip
        If one of the files cannot be read any more.
    """
    picture = matched.landings(before, after)
    return Films(None if picture is None else overlay.as_jpeg(picture), (proxy(before), proxy(after)))
