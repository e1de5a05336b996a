"""How many samples one cycle of a repeating signal takes."""

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
