"""HDR pictures -> ordinary sRGB ones, as a screen without HDR shows them.

New phones film with more range than a screen or a pose model expects (HLG or PQ, BT.2020 colours).
Taken as they are, such pictures look flat and grey. Everything up to the reference white of ITU-R
BT.2408 (75 % of an HLG signal, 58 % of a PQ signal) is shown as it is; what is brighter is white.
"""

from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray


class Transfer(StrEnum):
    """How a file's numbers stand for light."""

    SDR = "sdr"
    HLG = "hlg"
    PQ = "pq"


LEVELS = 1 << 12
PIXELS_AT_ONCE = 1 << 18
"""Pixels worked on at a time, at some 50 bytes each."""
HLG_WHITE, PQ_WHITE_NITS = 0.75, 203.0
HLG_SYSTEM_GAMMA = 1.2
BT2020_TO_SRGB = np.array(
    [
        [1.660491, -0.587641, -0.072850],
        [-0.124550, 1.132900, -0.008349],
        [-0.018151, -0.100579, 1.118730],
    ],
    dtype=np.float32,
)
"""Linear light, both with white at D65 (ITU-R BT.2087)."""


def to_srgb(signal: NDArray[np.uint16], transfer: Transfer) -> NDArray[np.uint8]:
    """Show an HDR picture in sRGB.

    Parameters
    ----------
    signal
        (height, width, 3) R'G'B' of BT.2020, 16 bits a channel over the full range.
    transfer
        HLG or PQ.

    Returns
    -------
    NDArray[np.uint8]
        (height, width, 3) sRGB; reference white becomes 255.
    """
    rows = max(1, PIXELS_AT_ONCE // signal.shape[1]) if signal.shape[1] else 1
    shown = np.empty(signal.shape, dtype=np.uint8)
    for top in range(0, len(signal), rows):
        light = _light(transfer)[signal[top : top + rows] >> 4]
        linear = np.clip(light @ BT2020_TO_SRGB.T, 0.0, 1.0)
        shown[top : top + rows] = _srgb()[(linear * (LEVELS - 1) + 0.5).astype(np.uint16)]
    return shown


@cache
def _light(transfer: Transfer) -> NDArray[np.float32]:
    """(LEVELS,) light for each level of the signal, 1 at reference white."""
    signal = np.linspace(0.0, 1.0, LEVELS)
    if transfer is Transfer.HLG:
        light = (_hlg(signal) / _hlg(np.array([HLG_WHITE]))) ** HLG_SYSTEM_GAMMA
    elif transfer is Transfer.PQ:
        light = _pq_nits(signal) / PQ_WHITE_NITS
    else:
        raise ValueError("an SDR picture needs no mapping")
    return np.asarray(light, dtype=np.float32)


def _hlg(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scene light of an HLG signal (ITU-R BT.2100 table 5)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)


def _pq_nits(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Light of a PQ signal in candela per square metre (ITU-R BT.2100 table 4)."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    power = signal ** (1 / m2)
    return np.asarray(10_000 * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1))


@cache
def _srgb() -> NDArray[np.uint8]:
    """(LEVELS,) sRGB value for each level of linear light (IEC 61966-2-1)."""
    light = np.linspace(0.0, 1.0, LEVELS)
    encoded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(255 * encoded).astype(np.uint8)
