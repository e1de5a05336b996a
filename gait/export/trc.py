"""Marker trajectories as OpenSim's .trc, the way Pose2Sim and Sports2D write and read them.

Five lines of heading, tabs between cells, three tabs after each name, one row a frame with every cell filled:
``nan`` where a point was not seen.
"""

import numpy as np

from gait.export.markers import Markers

DECIMALS = {"m": 5, "px": 2}


def trc(markers: Markers, name: str) -> str:
    """Text of the file.

    Parameters
    ----------
    name
        The file's own name, which its first line repeats.
    """
    rate, rows, points = f"{markers.rate_hz:.6g}", len(markers.place), len(markers.names)
    axes = "\t".join(f"X{k}\tY{k}\tZ{k}" for k in range(1, points + 1))
    head = (
        f"PathFileType\t4\t(X/Y/Z)\t{name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{rate}\t{rate}\t{rows}\t{points}\t{markers.unit}\t{rate}\t{markers.first}\t{rows}",
        "Frame#\tTime\t" + "".join(f"{each}\t\t\t" for each in markers.names),
        f"\t\t{axes}",
    )
    return "\n".join([*head, *_rows(markers)]) + "\n"


def _rows(markers: Markers) -> list[str]:
    decimals = DECIMALS[markers.unit]
    cells = np.round(markers.place.reshape(len(markers.place), -1), decimals) + 0.0
    return [
        "\t".join([str(markers.first + k), f"{time_s:.6f}", *(f"{cell:.{decimals}f}" for cell in row)])
        for k, (time_s, row) in enumerate(zip(markers.time_s, cells, strict=True))
    ]
