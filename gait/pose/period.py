"""How many samples one cycle of a repeating signal takes."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, signal

MIN_PERIODICITY = 0.3
"""Autocorrelation at one cycle below which a signal has no steady rhythm."""
MIN_SEEN = 0.3
"""Share of the signal that must be known."""
CLEAR_SHARE = 0.5
"""Distance from the middle, in standard deviations, that makes a side."""
TEMPO_CHANGE, LASTING = 2.8, 3
"""A change of tempo by more than this, for most of so many cycles, is the film's: slow motion slows four
times and more, and legs taken for each other only double the tempo."""

FASTER, LONGER, LEANING_DEG = 0.06, 0.12, 8.0
"""Lasting changes of a stride's duration and of the legs' reach, as logarithms, that are another pace: from
2.5 to 3.5 m/s strides become 5 % shorter in time and the reach grows by a third (Fukuchi 2017). And of the
trunk's lean that are another way to run, as a coach shows them one after the other; a judgement: what
runners choose differs by as much between those who lean least and most (Teng 2014: 3.6 and 10.8)."""
CLEARLY_ANOTHER = 4.0
"""Standard errors by which a change of pace must stand out from how much strides differ anyway."""
MOST_GAPS = 4
"""Usual gaps between two samples beyond which nothing is known of what lies between them."""
ODD_STRIDE = 0.35
"""Logarithm of a stride's duration over the usual one beyond which it is misread."""


def period(values: NDArray[np.float64]) -> float:
    """Samples of one cycle: the first strong peak of the autocorrelation, read between samples.

    Parameters
    ----------
    values
        (N,) signal; NaN where unknown.

    Returns
    -------
    float
        NaN if the signal has no steady rhythm or too little of it is known.
    """
    seen = np.isfinite(values)
    if seen.mean() < MIN_SEEN:
        return float("nan")
    centred = np.where(seen, values - np.mean(values[seen]), 0.0)
    correlation = signal.correlate(centred, centred, method="fft")[len(centred) - 1 :]
    if correlation[0] <= 0:
        return float("nan")
    correlation /= correlation[0]
    below_zero = np.flatnonzero(correlation < 0)
    if len(below_zero) == 0:
        return float("nan")
    start = int(below_zero[0])
    strong = max(MIN_PERIODICITY, 0.7 * correlation[start:].max())
    peaks, _ = signal.find_peaks(correlation[start:], height=strong)
    return _refined_peak(correlation, start + int(peaks[0])) if len(peaks) else float("nan")


def peak_between_samples(values: NDArray[np.float64], index: int, offset: int = 0) -> float:
    """Position of a peak in samples, from the parabola through it and its neighbours."""
    if not 0 < index < len(values) - 1:
        return float(index + offset)
    before, top, after = values[index - 1 : index + 2]
    bend = before - 2 * top + after
    shift = 0.5 * (before - after) / bend if np.isfinite(bend) and bend != 0 else 0.0
    return float(index + offset + shift)


def _refined_peak(correlation: NDArray[np.float64], index: int) -> float:
    """Undo the taper of the shrinking overlap around a peak, which pulls it to shorter lags."""
    count = len(correlation)
    reach = max(2, index // 20)
    lags = np.arange(max(0, index - reach), min(count, index + reach + 1))
    level = correlation[lags] * count / (count - lags)
    return peak_between_samples(level, int(level.argmax()), offset=int(lags[0]))


def even_stretch(values: NDArray[np.float64]) -> tuple[int, int]:
    """First and last sample of the longest stretch in which a signal keeps its tempo.

    A film whose slow motion begins in the middle shows the same steps at two tempos. The tempo is read
    from the times at which the signal rises through its middle; where that never changes, all is even.
    """
    everything = 0, len(values) - 1
    seen = np.isfinite(values)
    if not seen.any():
        return everything
    centred = values - np.mean(values[seen])
    clear = np.flatnonzero(seen & (np.abs(centred) > CLEAR_SHARE * np.std(centred[seen])))
    rises = clear[1:][np.diff(np.sign(centred[clear])) > 0]
    if len(rises) < 2 * LASTING:
        return everything
    tempo = np.log(ndimage.median_filter(np.diff(rises), LASTING, mode="nearest"))
    changes = np.flatnonzero(np.abs(np.diff(tempo)) > np.log(TEMPO_CHANGE)) + 1
    edges = [0, *(int(rises[k]) for k in changes), len(values)]
    lasting = [b for a, b, c in zip(edges, edges[1:], edges[2:], strict=False) if _another(values, a, b, c)]
    first, stop = max(pairwise([0, *lasting, len(values)]), key=lambda part: part[1] - part[0])
    return first, stop - 1


def _another(values: NDArray[np.float64], start: int, middle: int, stop: int) -> bool:
    """True if the signal has a rhythm on both sides of a moment, and another one."""
    before, after = period(values[start:middle]), period(values[middle:stop])
    return bool(abs(np.log(after / before)) > np.log(TEMPO_CHANGE))


def even_pace(
    values: NDArray[np.float64], *, along_the_run: bool = True, lean_deg: NDArray[np.float64] | None = None
) -> tuple[int, int]:
    """First and last sample of the longest stretch run at one pace, and leaning by as much.

    Another pace shows in the strides' duration and in how far the legs reach. Where nothing of it changes
    lastingly, or too few strides are seen to say so, all is even.

    Parameters
    ----------
    values
        (N,) distance between the ankles in body sizes; NaN where unknown.
    along_the_run
        False where it is seen from behind or in front, where it says nothing of the reach.
    lean_deg
        (N,) the trunk against the vertical, from the side; NaN where unknown.
    """
    rises = _rises(values)
    if len(rises) < 2 * LASTING + 1:
        return 0, len(values) - 1
    unknown = np.full(len(rises) - 1, np.nan)
    reach = _each_stride(values, rises, _log_reach) if along_the_run else unknown
    leans = unknown if lean_deg is None else _each_stride(lean_deg, rises, _median)
    strides = np.column_stack([np.log(np.diff(rises)), reach, leans])
    strides[np.abs(strides[:, 0] - np.median(strides[:, 0])) > ODD_STRIDE] = np.nan
    changes = {*_changes(strides[:, :2], (FASTER, LONGER)), *_changes(strides[:, 2:], (LEANING_DEG,))}
    edges = [0, *(int(rises[k]) for k in sorted(changes)), len(values)]
    first, stop = max(pairwise(edges), key=lambda part: part[1] - part[0])
    return first, stop - 1


def _rises(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where a signal rises through its middle, between samples."""
    seen = np.isfinite(values)
    if not seen.any():
        return np.zeros(0)
    centred = values - np.mean(values[seen])
    clear = np.flatnonzero(seen & (np.abs(centred) > CLEAR_SHARE * np.std(centred[seen])))
    before, after = clear[:-1], clear[1:]
    rising = (centred[before] < 0) & (centred[after] > 0)
    before, after = before[rising], after[rising]
    return np.asarray(before - centred[before] * (after - before) / (centred[after] - centred[before]))


def _each_stride(
    values: NDArray[np.float64], rises: NDArray[np.float64], read: Callable[[NDArray[np.float64]], float]
) -> NDArray[np.float64]:
    """What is read of a signal in each stride; NaN where half of it is unknown."""
    parts = [values[int(a) : int(b) + 1] for a, b in pairwise(rises)]
    known = [part[np.isfinite(part)] for part in parts]
    return np.array([read(k) if len(k) > len(p) / 2 else np.nan for k, p in zip(known, parts, strict=True)])


def _log_reach(values: NDArray[np.float64]) -> float:
    return float(np.log(max(np.ptp(values), 1e-9)))


def _median(values: NDArray[np.float64]) -> float:
    return float(np.median(values))


def _changes(strides: NDArray[np.float64], limits: tuple[float, ...], offset: int = 0) -> list[int]:
    """Numbers of the strides with which another pace begins, by lasting changes beyond these limits."""
    splits = range(LASTING, len(strides) - LASTING + 1)
    best = min(splits, key=lambda k: _misfit(strides, k, limits), default=0)
    if not best or not _another_pace(strides[:best], strides[best:], limits):
        return []
    before, after = _changes(strides[:best], limits, offset), _changes(strides[best:], limits, offset + best)
    return [*before, offset + best, *after]


def _misfit(strides: NDArray[np.float64], split: int, limits: tuple[float, ...]) -> float:
    off = [np.abs(part - _middle(part)) / limits for part in (strides[:split], strides[split:])]
    return float(np.nansum(np.concatenate(off)))


def _another_pace(before: NDArray[np.float64], after: NDArray[np.float64], limits: tuple[float, ...]) -> bool:
    change = np.abs(_middle(after) - _middle(before))
    off = np.abs(np.concatenate([before - _middle(before), after - _middle(after)]))
    error = 1.4826 * _middle(off) * np.sqrt(1 / len(before) + 1 / len(after))
    return bool(((change > limits) & (change > CLEARLY_ANOTHER * error)).any())


def _middle(strides: NDArray[np.float64]) -> NDArray[np.float64]:
    """Median of each column; NaN where nothing is known."""
    known = [column[np.isfinite(column)] for column in strides.T]
    return np.array([np.median(column) if len(column) else np.nan for column in known])


def on_even_grid(time_s: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values at steps of the usual gap between samples; NaN beside those that are unknown."""
    gap_s = float(np.median(np.diff(time_s)))
    grid_s = np.arange(time_s[0], time_s[-1] + gap_s / 2, gap_s)
    seen = np.isfinite(values)
    if not seen.any():
        return np.full(len(grid_s), np.nan)
    after = np.clip(np.searchsorted(time_s, grid_s), 1, len(time_s) - 1)
    known = seen[after] & seen[after - 1] & (np.diff(time_s)[after - 1] < MOST_GAPS * gap_s)
    return np.where(known, np.interp(grid_s, time_s[seen], values[seen]), np.nan)
