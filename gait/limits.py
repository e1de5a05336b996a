"""Bounds for this process: a clip that needs more memory than any should ends it, not the computer."""

import sys

MOST_BYTES = 3 << 30
"""Memory of its own that an analysis may ask for; on the bundled clips it asks for up to 1.5 GB."""


CORES_VARIABLE = "GAIT_CORES"
"""Says on how many cores a program may read pictures, where several share a computer."""


def limit_own_memory(most_bytes: int = MOST_BYTES) -> bool:
    """Let this process, and those it starts, ask for so much memory and no more; there is no way back.

    Beyond it Python raises ``MemoryError``, and native code ends the process. Shared libraries and files do
    not count. For a program that analyses and ends; not for a server, whose sessions add up.

    Returns
    -------
    bool
        False where the system knows no such limit (only Linux counts all memory in it).
    """
    if sys.platform != "linux":
        return False
    import resource

    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    most = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    return True
