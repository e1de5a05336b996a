"""A program that asks for too much memory ends, not the computer."""

import subprocess
import sys

import pytest

GLUTTON = """
from gait.limits import limit_own_memory
import numpy as np
limit_own_memory()
print(np.ones(100_000_000 // 8).sum())
try:
    np.ones(4 << 30, np.uint8)
    print("taken")
except MemoryError:
    print("refused")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the limit")
def test_what_an_analysis_needs_is_there_and_gigabytes_are_not() -> None:
    done = subprocess.run([sys.executable, "-c", GLUTTON], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["12500000.0", "refused"]
