"""What 40 single runners differ by at 2.5 m/s: ``python -m studies.norms ../shared/data/runners``.

DIR holds ``stride_curves.csv`` of Fukuchi, Ferber and Duarte (regifukuchi/BMC-RIC-running-biomechanics, CC BY
4.0): each runner's mean curves over the stride, 0 at touchdown. Prints what ``gait/coaching/spread.toml``
says, for both laboratories together and apart, and what cannot be taken from these curves.
"""

import csv
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.coaching.norms import norms, spreads

FloatArray = NDArray[np.float64]
SPEED_M_S = 2.5
STANCE_PCT = 38.5
"""Share of the stride on the ground at 2.5 m/s (Fukuchi, Fukuchi and Duarte 2017)."""
LABORATORIES = ("BMC", "RIC")


def main(folder: Path) -> None:
    """Print the spread of every angle between runners, and what norms.toml makes of it."""
    curves = read(folder)
    write = sys.stdout.write
    write(f"{len(curves)} runners, 2.43 to 2.57 m/s: mean, standard deviation, 5 to 95 %, as data\n")
    for name, each in angles(curves).items():
        write(_row(name, np.array(list(each.values()))) + "\n")
        for laboratory in LABORATORIES:
            here = [degrees for who, degrees in each.items() if who.startswith(laboratory)]
            write(_row(f"  {laboratory}", np.array(here)) + "\n")
    shin_sd = np.std(list(_shin(curves).values()), ddof=1)
    write(
        "\nThe hip's angles are against the pelvis, and how far each pelvis is tilted is not known:\n"
        "they bound what the thigh differs by, and say nothing of where it stands. Hip flexion less knee\n"
        f"flexion would be the shin only with the pelvis upright; it spreads by {shin_sd:.1f} degrees, tilt\n"
        "included, so the shin's limit stays the smallest detectable difference.\n\n"
    )
    for metric, norm in norms().items():
        write(_norm_line(metric) + f"  {norm.limit_source}\n")


def read(folder: Path) -> dict[str, dict[str, FloatArray]]:
    """Runner -> name of the column -> (101,) degrees."""
    rows: dict[str, list[dict[str, str]]] = {}
    with (folder / "stride_curves.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["runner"], []).append(row)
    columns = ("hip_flexion_deg", "knee_flexion_deg")
    return {
        runner: {column: np.array([float(row[column]) for row in each]) for column in columns}
        for runner, each in rows.items()
    }


def angles(curves: Mapping[str, Mapping[str, FloatArray]]) -> dict[str, dict[str, float]]:
    """Name of the spread -> runner -> degrees; hip flexion is negative in the file."""
    percent = np.arange(101)
    stance = percent <= STANCE_PCT
    return {
        "knee_at_landing": {who: float(each["knee_flexion_deg"][0]) for who, each in curves.items()},
        "deepest_knee": {who: float(each["knee_flexion_deg"][stance].max()) for who, each in curves.items()},
        "hip_flexion_at_landing": {who: float(-each["hip_flexion_deg"][0]) for who, each in curves.items()},
        "hip_extension_at_push_off": {
            who: float(np.interp(STANCE_PCT, percent, each["hip_flexion_deg"]))
            for who, each in curves.items()
        },
    }


def _shin(curves: Mapping[str, Mapping[str, FloatArray]]) -> dict[str, float]:
    return {
        who: float(-each["hip_flexion_deg"][0] - each["knee_flexion_deg"][0]) for who, each in curves.items()
    }


def _row(name: str, values: FloatArray) -> str:
    low, high = np.percentile(values, (5, 95))
    told = spreads().get(name)
    data = f"   {told.mean:.1f} +- {told.sd:.1f}" if told else ""
    return f"{name:28}{values.mean():6.2f} {values.std(ddof=1):6.2f}   {low:5.1f} to {high:5.1f}{data}"


def _norm_line(metric: str) -> str:
    norm = norms()[metric]
    low, high = norm.usual_at(SPEED_M_S)
    return f"{metric:28}usual at {3.6 * SPEED_M_S:.0f} km/h {low:6.1f} to {high:6.1f}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
