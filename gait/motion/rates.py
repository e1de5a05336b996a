"""Which capture rates a file can have, and how common each is.

A camera has one of few rates. A file that plays at a usual rate, with evenly spread pictures, was filmed at
one of them, or at a whole part of one (240 pictures a second of which every third is kept). Where an editor
has picked, repeated or re-timed pictures, any rate is possible, and none can be taken without asking.
"""

from dataclasses import dataclass
from enum import Enum
from math import isnan, log

from gait.motion.evenness import EVEN, Sampling

PHONE_FPS = (24.0, 25.0, 30.0, 50.0, 60.0, 120.0, 240.0)
"""What phones film at; they also store at the first five, 48 and their slow motion's own rates."""
CAMERA_FPS = (90.0, 210.0, 300.0, 320.0, 400.0, 420.0, 480.0, 600.0, 960.0, 1000.0)
"""Slow motion of other cameras."""
FIFTY_HERTZ_FPS = (100.0, 200.0, 250.0, 500.0)
"""Slow motion of cameras set to 50 Hz countries; their files play at 25 or 50."""
STORED_FPS = (*PHONE_FPS, 48.0)
SAME_RATE = 0.015
"""Rates this close are one: 29.97 is 30."""
PHONES_WANDER = 0.05
"""Phones that time each picture store 28.6 to 31 frames/s for 30."""
SLOWEST, MOST_PARTS = 1.3, 8
"""A file that plays less than 1.3 times slower than life is no slow motion of a camera."""
PHONES_SLOW = 3.0
"""Phones slow their slow motion four times or more; twice as slow is an editor's half speed."""
CONVERTED_FPS = (12.0, 15.0, 20.0, *STORED_FPS)
"""Pictures a second of films in real time of which some are then repeated."""
SOURCE_FPS = (24.0, 25.0, 30.0, 50.0, 60.0, 120.0, 240.0)
"""Pictures a second of films in real time of which converters pick the nearest."""
MADE_UP_FPS = 50.0
"""Who makes pictures up between filmed ones wants at least so many a second."""
SAME_BEAT = 0.004
"""Beats per picture: a clip of 8 seconds at 30 tells apart what is 0.004 apart."""
PERCENT = (20, 25, 30, 33.3, 40, 50, 60, 70, 75, 80, 90)
"""Speeds that editors offer."""


class Kind(Enum):
    """How a rate comes about, with how often: judgements, mild enough that physics decides."""

    TAGGED = 50.0
    REAL_TIME = 10.0
    USUAL = 1.0
    RARE = 0.05
    EDITED = 0.005
    ODD = 0.0005


@dataclass(frozen=True)
class Rate:
    """A capture rate that the file can have."""

    fps: float
    kind: Kind


@dataclass(frozen=True)
class Stored:
    """How a file keeps its pictures."""

    fps: float
    tagged_fps: float | None = None
    sampling: Sampling = EVEN

    @property
    def usual(self) -> bool:
        """True if it plays at a rate at which cameras and editors store."""
        return any(same(self.fps, fps) for fps in STORED_FPS)

    @property
    def converted(self) -> bool:
        """True if it repeats, picks or makes up pictures as a real-time film does stored at another rate."""
        return self._repeats if self.sampling.shown < 1 else self._picks or self.sampling.made_up

    @property
    def _repeats(self) -> bool:
        fps = self.fps * self.sampling.shown
        return any(same(fps, usual, PHONES_WANDER / 2) for usual in CONVERTED_FPS)

    @property
    def _picks(self) -> bool:
        """True if a film in real time at a usual rate would have this beat.

        The nearest of its pictures have it, and those that are made up between fewer. Some editors' speeds
        have the same one, so it makes real time possible and not sure.
        """
        between = self.fps > (1 - SAME_RATE) * MADE_UP_FPS
        beats = [fps / self.fps % 1 for fps in SOURCE_FPS if fps > self.fps or between]
        return self.usual and any(
            abs(min(beat, 1 - beat) - self.sampling.beat) <= SAME_BEAT for beat in beats
        )


def same(fps: float, other_fps: float, within: float = SAME_RATE) -> bool:
    """True if two rates are one."""
    return abs(log(fps / other_fps)) <= within


def possible(stored: Stored, asked_fps: float | None = None) -> tuple[Rate, ...]:
    """List the rates that a file can have, each once, by its most common kind.

    Parameters
    ----------
    asked_fps
        A rate to hold the run against as well: the user's.
    """
    found = [Rate(stored.tagged_fps, Kind.TAGGED)] if stored.tagged_fps else []
    found += [*_real_time(stored), *(_slow_motion(stored) if stored.sampling.even else ())]
    if asked_fps:
        found.append(Rate(asked_fps, Kind.EDITED))
    kept: list[Rate] = []
    for rate in sorted(found, key=lambda each: -each.kind.value):
        if not any(same(rate.fps, other.fps) for other in kept):
            kept.append(rate)
    return tuple(kept)


def _real_time(stored: Stored) -> list[Rate]:
    if not (stored.sampling.even or stored.converted):
        return []
    if not stored.sampling.even:
        return [Rate(stored.fps, Kind.USUAL)]
    wanders = any(same(stored.fps, fps, PHONES_WANDER) for fps in (24.0, 30.0, 60.0))
    return [Rate(stored.fps, Kind.REAL_TIME if stored.usual or wanders else Kind.RARE)]


def _slow_motion(stored: Stored) -> list[Rate]:
    """Rates of cameras, and whole parts of them, above the one at which the file plays."""
    fifty = not stored.usual or any(same(stored.fps, fps) for fps in (24.0, 25.0, 50.0))
    kinds = [(PHONE_FPS, Kind.USUAL), (CAMERA_FPS, Kind.RARE)]
    kinds.append((FIFTY_HERTZ_FPS, Kind.RARE if fifty else Kind.EDITED))
    slowest = SLOWEST if stored.usual else 1 + SAME_RATE
    whole = [Rate(fps, kind) for rates, kind in kinds for fps in rates if fps > slowest * stored.fps]
    whole = [Rate(rate.fps, Kind.RARE) if rate.fps < PHONES_SLOW * stored.fps else rate for rate in whole]
    parts = [
        Rate(rate.fps / part, Kind.EDITED if rate.fps in PHONE_FPS else Kind.ODD)
        for rate in whole
        for part in range(2, MOST_PARTS + 1)
        if rate.fps > (1 + SAME_RATE) * part * stored.fps
    ]
    conformed = [Rate(fps, Kind.EDITED) for fps in PHONE_FPS if 1 < fps / stored.fps <= slowest]
    return [*whole, *parts, *conformed]


OWN_PLACE = 2
"""Where the file's own rate stands among those to choose from, if the estimate is far from it."""


def worth_naming(stored: Stored, estimate_fps: float, sd: float) -> tuple[float, ...]:
    """Rates to choose from around an estimate, the nearest first: usual ones, editors' speeds, itself.

    Real time is always among them: it is the commonest answer, however little the run looks like it.

    None is below the file's own: films do not play faster than life, but sprinters take more steps than
    runners. An estimate that cannot be told from real time names no rate of its own.

    Parameters
    ----------
    sd
        Spread of the logarithm of the estimate.
    """
    if isnan(estimate_fps):
        return ()
    estimate_fps = max(estimate_fps, stored.fps)
    editors = [100 * stored.fps / percent for percent in PERCENT]
    named = [rate for rate in possible(stored) if rate.kind.value >= Kind.RARE.value]
    usual = [rate.fps for rate in named] + [fps for fps in PHONE_FPS if fps > (1 - SAME_RATE) * stored.fps]
    near = [(abs(log(fps / estimate_fps)), fps) for fps in usual]
    close = [(off, fps) for off, fps in near if off <= 2 * sd]
    close += [(abs(log(fps / estimate_fps)), fps) for fps in editors if same(fps, estimate_fps, sd)]
    kept: list[float] = []
    for _, fps in sorted(close):
        if not any(same(fps, other) for other in kept):
            kept.append(fps)
    rounded = round_sensibly(estimate_fps)
    real_time = stored.sampling.even and same(estimate_fps, stored.fps, sd)
    if not real_time and not any(same(rounded, fps, 3 * SAME_RATE) for fps in kept):
        kept.append(rounded)
    if stored.sampling.even and not any(same(stored.fps, fps, 3 * SAME_RATE) for fps in kept):
        kept.insert(OWN_PLACE, stored.fps)
    return tuple(kept)


def round_sensibly(fps: float) -> float:
    """Round to steps of about 4 %, as an estimate is no better.

    Examples
    --------
    >>> round_sensibly(71.3), round_sensibly(233.0), round_sensibly(37.4)
    (70.0, 230.0, 37.0)
    """
    step = 1.0 if fps < 50 else 5.0 if fps < 150 else 10.0 if fps < 500 else 50.0
    return step * round(fps / step)
