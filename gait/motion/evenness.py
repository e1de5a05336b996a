"""Whether a clip's pictures are evenly spread over the run, or were picked, dropped or repeated by an editor.

A camera takes its pictures at even steps. Who plays a clip at 40 % of its speed and stores it at a usual
rate takes the nearest picture each time: the steps in between are a little long and a little short by turns,
with a beat of their own. In the limbs of a runner, who repeats the same movement stride after stride, that
beat shows to a few hundredths of a picture. An even clip can only have a camera's rate, or a whole part of
one.
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
HARMONICS, FEW = 60, 6
"""Harmonics of the stride that make up the movement, and that give its length."""
MIN_PICTURES = 60
SEEN_SHARE = 0.9
SLOWEST_BEAT = 0.02
"""Beats per picture below which a change of pace looks the same."""


@dataclass(frozen=True)
class Sampling:
    """How the pictures are spread over the run."""

    beat: float = float("nan")
    """Beats per picture, 0 to 0.5, of uneven steps; NaN where the steps are even."""
    shown: float = 1.0
    """Pictures that show something new, of all."""

    @property
    def even(self) -> bool:
        """True if the pictures were taken as they are shown."""
        return bool(np.isnan(self.beat)) and self.shown == 1.0


EVEN = Sampling()


@dataclass(frozen=True, eq=False)
class _Stride:
    """The mean movement at each picture, and what each picture deviates from it."""

    speed: FloatArray
    """(T, D) pixels per picture."""
    off: FloatArray
    """(T, D) pixels."""
    pictures: float
    """Pictures in one stride."""


def sampling(track: PoseTrack) -> Sampling:
    """Look for repeated pictures and for a beat in the steps between pictures.

    Repeats that come regularly have been taken out of the times already, and what is left counts as even.
    """
    film = track.footage
    repeated = float(film.repeated.mean()) if len(film.repeated) and film.spacing == 1 else 0.0
    shown = 1.0 - repeated if repeated > REPEATED_SHARE else 1.0
    return Sampling(_beat(track), shown)


def _beat(track: PoseTrack) -> float:
    stride = _mean_stride(track) if len(track.pts_s) >= MIN_PICTURES else None
    if stride is None:
        return float("nan")
    weight = np.sum(stride.speed**2, axis=1)
    late = np.sum(stride.off * stride.speed, axis=1) / np.maximum(weight, 0.05 * weight.mean())
    return _line(late - late.mean(), stride.pictures)


def _mean_stride(track: PoseTrack) -> _Stride | None:
    """Fit the harmonics of the stride to knees, feet and arms, as seen from the middle of the hips."""
    middle = (track.xy_px[:, LEFT.hip] + track.xy_px[:, RIGHT.hip]) / 2
    points = [
        point
        for leg in LIMBS.values()
        for point in (leg.knee, leg.ankle, leg.heel, leg.toe, leg.elbow, leg.wrist)
    ]
    places = (track.xy_px[:, points] - middle[:, None]).reshape(len(middle), -1)
    places = places[:, np.isfinite(places).mean(axis=0) > SEEN_SHARE]
    gap_s = float(np.median(np.diff(track.pts_s)))
    apart = track.xy_px[:, LEFT.ankle] - track.xy_px[:, RIGHT.ankle]
    rough = period(apart[:, int(np.nanstd(apart, axis=0).argmax())])
    if places.shape[1] < 4 or not np.isfinite(rough):
        return None
    number = (track.pts_s - track.pts_s[0]) / gap_s
    known = np.isfinite(places)
    filled = np.where(known, places, np.nanmean(places, axis=0))
    tried = rough * np.linspace(0.985, 1.015, 31)
    rests = [float(np.sum(_fitted(number, filled, pictures, FEW).off ** 2)) for pictures in tried]
    best = _fitted(number, filled, float(tried[int(np.argmin(rests))]), HARMONICS)
    return _Stride(best.speed, np.where(known, best.off, 0.0), best.pictures)


def _fitted(number: FloatArray, places: FloatArray, pictures: float, harmonics: int) -> _Stride:
    most = min(harmonics, int(pictures / 2.2), len(number) // 8)
    orders = np.arange(1, max(2, most + 1))
    rate = 2 * np.pi * orders / pictures
    angle = number[:, None] * rate
    drift = np.column_stack([np.ones_like(number), number - number.mean()])
    columns = np.hstack([drift, np.cos(angle), np.sin(angle)])
    sizes = np.linalg.lstsq(columns, places, rcond=None)[0]
    moves = np.hstack([np.zeros_like(drift), -rate * np.sin(angle), rate * np.cos(angle)])
    return _Stride(moves @ sizes, places - columns @ sizes, pictures)


def _line(late: FloatArray, pictures: float) -> float:
    """Strongest line in how late each picture is, in beats per picture; NaN if none stands out."""
    count = len(late)
    kept = np.clip(late, -4 * late.std(), 4 * late.std())
    power = np.abs(np.fft.rfft(kept * np.hanning(count), 4 * count)) ** 2
    beats = np.fft.rfftfreq(4 * count)
    around = np.maximum(
        ndimage.median_filter(power, size=count // 3, mode="mirror"), np.median(power)
    ) / np.log(2)
    allowed = beats > SLOWEST_BEAT + 3 / count
    size = np.sqrt(power) * 4 / count
    clear = allowed & (power > BEAT_OVER_NOISE * around) & (size > BEAT_SHARE)
    return float(beats[clear][np.argmax(power[clear])]) if clear.any() else float("nan")
