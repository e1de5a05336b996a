"""Whether a clip's pictures are evenly spread over the run, or were picked, dropped or repeated by an editor.

A camera takes its pictures at even steps. Who plays a clip at 40 % of its speed and stores it at a usual
rate takes the nearest picture each time: the steps in between are a little long and a little short by turns,
with a beat of their own. In the limbs of a runner, who repeats the same movement stride after stride, that
beat shows to a few hundredths of a picture. An even clip can only have a camera's rate, or a whole part of
one.

Pictures that a program made up between filmed ones, by following what moves, lie on straight lines between
them: the movement bends at the filmed ones only, at a beat of its own, however the film was stored since.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from gait.body import LEFT, LIMBS, RIGHT
from gait.pose.period import period
from gait.pose.posetrack import PoseTrack

FloatArray = NDArray[np.float64]

REPEATED_SHARE = 0.04
"""Share of repeated pictures beyond which they are a conversion's and not a hiccup of the phone."""
BEAT_SHARE = 0.012
"""Smallest beat that counts, in pictures: even tracks of the bundled runners have none that stands out."""
BEAT_OVER_NOISE = 16.0
"""Power of the beat over its neighbourhood and the middle of all: up to 12 on even tracks, read or exact."""
BENDS_OVER_NOISE, BENDS_SHARE, FASTER_THAN_STEPS = 40.0, 0.15, 0.2
"""The same of how much the movement bends, and its size, at beats at which steps hardly bend it: judgements.
Joints of bundled runners that scatter by 1.5 pixels stand out so far where pictures were made up, and not
where they were filmed (``tests/motion/test_evenness.py``); by 3 pixels most made-up ones do not."""
HARMONICS, FEW = 60, 6
"""Harmonics of the stride that make up the movement, and that give its length."""
MIN_PICTURES = 60
SEEN_SHARE, FEWEST_PLACES = 0.9, 4
MANY_PICTURES = 30
"""Pictures in a stride below which steps bend the movement as fast as made-up pictures would."""
SLOWEST_BEAT = 0.02
"""Beats per picture below which a change of pace looks the same."""


@dataclass(frozen=True)
class Sampling:
    """How the pictures are spread over the run."""

    beat: float = float("nan")
    """Beats per picture, 0 to 0.5, of uneven steps; NaN where the steps are even."""
    shown: float = 1.0
    """Pictures that show something new, of all."""
    bends: float = float("nan")
    """Filmed pictures among made-up ones, as beats per picture read, 0 to 0.5; NaN where none is made up."""

    @property
    def even(self) -> bool:
        """True if the pictures were taken as they are shown."""
        return self.as_taken and self.shown == 1.0

    @property
    def as_taken(self) -> bool:
        """True if none was picked or made up, though some may only repeat the one before."""
        return bool(np.isnan(self.beat)) and not self.made_up

    @property
    def made_up(self) -> bool:
        """True if pictures were made up between filmed ones by following what moves."""
        return bool(np.isfinite(self.bends))


EVEN = Sampling()


@dataclass(frozen=True, eq=False)
class _Stride:
    """The mean movement at each picture, and what each picture deviates from it."""

    speed: FloatArray
    """(T, D) pixels per picture."""
    off: FloatArray
    """(T, D) pixels."""


def sampling(track: PoseTrack) -> Sampling:
    """Look for repeated and made-up pictures, and for a beat in the steps between pictures.

    Repeats that come regularly have been taken out of the times already, and what is left counts as even.
    """
    film = track.footage
    repeated = float(film.repeated.mean()) if len(film.repeated) and film.spacing == 1 else 0.0
    shown = 1.0 - repeated if repeated > REPEATED_SHARE else 1.0
    steady = _steady(track) if len(track.pts_s) >= MIN_PICTURES else None
    if steady is None:
        return Sampling(shown=shown)
    bends = _bends(steady) if np.ptp(np.diff(track.frame)) == 0 else float("nan")
    return Sampling(_beat(steady), shown, bends)


@dataclass(frozen=True, eq=False)
class _Steady:
    """Limbs that repeat their movement stride after stride."""

    number: FloatArray
    """(T,) when each picture is shown, in usual gaps from the first."""
    places: FloatArray
    """(T, D) pixels, NaN where unseen."""
    pictures: float
    """Pictures in one stride."""


def _steady(track: PoseTrack) -> _Steady | None:
    """Find the length of the stride with which a few harmonics fit the limbs best; None without a rhythm."""
    places = _limbs(track)
    apart = track.xy_px[:, LEFT.ankle] - track.xy_px[:, RIGHT.ankle]
    rough = period(apart[:, int(np.nanstd(apart, axis=0).argmax())])
    if places.shape[1] < FEWEST_PLACES or not np.isfinite(rough):
        return None
    number = (track.pts_s - track.pts_s[0]) / float(np.median(np.diff(track.pts_s)))
    places = _at_one_size(number, places)
    filled = _filled(places)
    tried = rough * np.linspace(0.985, 1.015, 31)
    rests = [float(np.sum(_fitted(number, filled, pictures, FEW).off ** 2)) for pictures in tried]
    return _Steady(number, places, float(tried[int(np.argmin(rests))]))


def _at_one_size(number: FloatArray, places: FloatArray) -> FloatArray:
    """Take off that a runner who comes nearer or recedes grows or shrinks, evenly over the film."""
    seen = np.isfinite(places)
    reach = np.sqrt(np.where(seen, places**2, 0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1))
    known = reach > 0
    trend = np.polyval(np.polyfit(number[known], np.log(reach[known]), 2), number)
    return np.asarray(places * np.exp(trend.mean() - trend)[:, None])


def _beat(steady: _Steady) -> float:
    stride = _fitted(steady.number, _filled(steady.places), steady.pictures, HARMONICS)
    off = np.where(np.isfinite(steady.places), stride.off, 0.0)
    weight = np.sum(stride.speed**2, axis=1)
    late = np.sum(off * stride.speed, axis=1) / np.maximum(weight, 0.05 * weight.mean())
    return _line(late - late.mean())


def _bends(steady: _Steady) -> float:
    """Look for a line in how much the movement bends from picture to picture, beside what strides repeat."""
    bent = np.abs(np.diff(steady.places, 2, axis=0))
    seen = np.isfinite(bent)
    size = np.where(seen, bent, 0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    usual = float(np.median(size[seen.any(axis=1)])) if seen.any() else 0.0
    if steady.pictures < MANY_PICTURES or not usual > 0:
        return float("nan")
    order = np.log(np.where(seen.any(axis=1), size, usual) + 0.001 * usual)
    other = _fitted(steady.number[1:-1], order[:, None], steady.pictures, HARMONICS).off[:, 0]
    beats, over_noise, share = _spectrum(other, 3.0)
    clear = (beats > FASTER_THAN_STEPS) & (over_noise > BENDS_OVER_NOISE) & (share > BENDS_SHARE)
    return float(beats[clear][np.argmax(over_noise[clear])]) if clear.any() else float("nan")


def _filled(places: FloatArray) -> FloatArray:
    return np.where(np.isfinite(places), places, np.nanmean(places, axis=0))


def _limbs(track: PoseTrack) -> FloatArray:
    """(T, D) pixels: knees, feet and arms as seen from the middle of the hips, those mostly in sight."""
    middle = (track.xy_px[:, LEFT.hip] + track.xy_px[:, RIGHT.hip]) / 2
    points = [
        point
        for leg in LIMBS.values()
        for point in (leg.knee, leg.ankle, leg.heel, leg.toe, leg.elbow, leg.wrist)
    ]
    places = (track.xy_px[:, points] - middle[:, None]).reshape(len(middle), -1)
    return np.asarray(places[:, np.isfinite(places).mean(axis=0) > SEEN_SHARE])


def _fitted(number: FloatArray, places: FloatArray, pictures: float, harmonics: int) -> _Stride:
    """Fit harmonics of the stride, and a drift."""
    most = min(harmonics, int(pictures / 2.2), len(number) // 8)
    orders = np.arange(1, max(2, most + 1))
    rate = 2 * np.pi * orders / pictures
    angle = number[:, None] * rate
    drift = np.column_stack([np.ones_like(number), number - number.mean()])
    columns = np.hstack([drift, np.cos(angle), np.sin(angle)])
    sizes = np.linalg.lstsq(columns, places, rcond=None)[0]
    moves = np.hstack([np.zeros_like(drift), -rate * np.sin(angle), rate * np.cos(angle)])
    return _Stride(moves @ sizes, places - columns @ sizes)


def _line(late: FloatArray) -> float:
    """Strongest line in how late each picture is, in beats per picture; NaN if none stands out."""
    beats, over_noise, size = _spectrum(late, 4.0)
    clear = (beats > SLOWEST_BEAT + 3 / len(late)) & (over_noise > BEAT_OVER_NOISE) & (size > BEAT_SHARE)
    return float(beats[clear][np.argmax(size[clear])]) if clear.any() else float("nan")


def _spectrum(values: FloatArray, most_sd: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Beats per picture; how far the power of each stands out of what is around it; and its amplitude.

    Parameters
    ----------
    most_sd
        Standard deviations at which single values are cut off.
    """
    count = len(values)
    kept = np.clip(values, -most_sd * values.std(), most_sd * values.std())
    power = np.abs(np.fft.rfft(kept * np.hanning(count), 4 * count)) ** 2
    around = np.maximum(
        ndimage.median_filter(power, size=count // 3, mode="mirror"), np.median(power)
    ) / np.log(2)
    beats = np.asarray(np.fft.rfftfreq(4 * count), np.float64)
    over_noise: FloatArray = power / np.maximum(around, np.finfo(float).tiny)
    size: FloatArray = np.sqrt(power) * 4 / count
    return beats, over_noise, size
