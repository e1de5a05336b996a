"""Poses as netCDF in the layout of the ``movement`` package (https://movement.neuroinformatics.dev).

Needs the packages xarray and h5netcdf. Read them with ``xarray.open_dataset``; what ``movement`` computes on
poses takes the result as it is.
"""

from pathlib import Path

from gait.errors import BadRequest
from gait.export.markers import Markers

SOFTWARE = "gait"


def require_netcdf() -> None:
    """Find out whether netCDF can be written.

    Raises
    ------
    BadRequest
        If a package for it is missing.
    """
    try:
        import h5netcdf  # noqa: F401
        import xarray  # noqa: F401
    except ImportError as error:
        raise BadRequest(
            "netCDF files need the packages xarray and h5netcdf, which are not installed: "
            "pip install xarray h5netcdf.",
            id="format",
        ) from error


def write_netcdf(markers: Markers, path: Path, individual: str) -> None:
    """Write position (time, space, keypoints, individuals) and confidence (the same without space).

    Parameters
    ----------
    individual
        What the runner is called in the file.
    """
    import xarray

    axes = ["x", "y", "z"] if markers.unit == "m" else ["x", "y"]
    position = markers.place[..., : len(axes)].swapaxes(1, 2)[..., None]
    xarray.Dataset(
        {
            "position": (("time", "space", "keypoints", "individuals"), position, {"units": markers.unit}),
            "confidence": (("time", "keypoints", "individuals"), markers.confidence[..., None]),
        },
        {
            "time": markers.time_s,
            "space": axes,
            "keypoints": list(markers.names),
            "individuals": [individual],
        },
        {
            "source_software": SOFTWARE,
            "ds_type": "poses",
            "fps": markers.rate_hz,
            "time_unit": "seconds",
        },
    ).to_netcdf(path, engine="h5netcdf")
