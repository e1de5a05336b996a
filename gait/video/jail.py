"""Lock the process that decodes foreign files in: it may read one file, and think.

What a broken or hostile file makes of a decoder in C is then confined by the kernel: it can open nothing but
its one file, and that only to read; it has no sockets, starts no program, makes no process, and ends with its
parent. Linux only, and unprivileged: Landlock for files, a seccomp filter for everything else. Where the
kernel lacks one of them the other still holds, and :func:`status` says so.
"""

import ctypes
import errno
import os
import platform
import signal
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SET_PDEATHSIG, SET_NO_NEW_PRIVS, SET_NAME = 1, 38, 15

LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
"""Numbers of the system calls, the same on every kind of machine."""
READ_FILE = 1 << 2
FILE_RIGHTS = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
"""Rights over files that each version of Landlock added; those handled are those taken away."""
NET_RIGHTS, NET_SINCE = 0b11, 4
SCOPES, SCOPES_SINCE = 0b11, 6

CALLS = {
    "x86_64": (
        0xC000003E,
        317,
        {"clone": 56, "clone3": 435, "prctl": 157, "tgkill": 234, "open": 2, "openat": 257},
        (0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 19, 20, 21, 22, 24, 25, 28, 32, 35, 39, 60)
        + (63, 72, 79, 89, 96, 98, 99, 100, 102, 104, 107, 108, 110, 131, 145, 143, 186, 201, 202, 204)
        + (217, 218, 219, 221, 228, 229, 230, 231, 262, 267, 269, 271, 273, 283, 292, 295, 309, 318, 324)
        + (327, 332, 334, 439),
    ),
    "aarch64": (
        0xC00000B7,
        277,
        {"clone": 220, "clone3": 435, "prctl": 167, "tgkill": 131, "openat": 56},
        (17, 23, 24, 25, 48, 57, 61, 62, 63, 64, 65, 66, 67, 69, 73, 78, 79, 80, 93, 94, 96, 98, 99, 101)
        + (113, 114, 115, 120, 121, 123, 124, 128, 132, 134, 135, 139, 153, 160, 165, 168, 169, 172, 173)
        + (174, 175, 176, 177, 178, 179, 214, 215, 216, 222, 223, 226, 233, 278, 283, 286, 291, 293, 439),
    ),
}
"""By machine: its mark in the filter, the call that sets a filter, calls that are allowed in some ways only,
and those that are allowed: read, write and look at what is open, memory, threads, clocks, the end."""

LOAD, TEST_EQUAL, KEEP_BITS, ANSWER = 0x20, 0x15, 0x54, 0x06
ALLOW, KILL, FAIL = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER_AT, MACHINE_AT, ARGUMENTS_AT = 0, 4, 16
"""Where the filter finds the call's number, the machine and the arguments of 8 bytes each."""
THREAD, NEW_NAMESPACES = 0x00010000, 0x7E020080
TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_TMPFILE", 0)
SET_FILTER, ALL_THREADS, ASK_ACTION = 1, 1, 2

Instruction = tuple[int, int, int, int]
"""Operation, jump if true, jump if false, value (classic BPF)."""


@dataclass(frozen=True)
class Status:
    """Which walls stand."""

    files: bool
    """Nothing can be opened but the one file (Landlock)."""
    calls: bool
    """No sockets, no programs, no processes, nothing written (seccomp)."""
    ends_with_parent: bool

    @property
    def whole(self) -> bool:
        """True if every wall stands."""
        return self.files and self.calls and self.ends_with_parent

    def __str__(self) -> str:
        if self.whole:
            return "videos are decoded in a process that can only read its one file"
        missing = [
            name
            for name, stands in (
                ("Landlock (files)", self.files),
                ("seccomp (system calls)", self.calls),
                ("ending with its parent", self.ends_with_parent),
            )
            if not stands
        ]
        return (
            "videos are decoded in a process of its own with limits on memory, time and files, but this "
            f"system lacks {' and '.join(missing)}"
        )


NOTHING = Status(files=False, calls=False, ends_with_parent=False)


def status() -> Status:
    """Which walls this system offers; nothing is locked."""
    if sys.platform != "linux":
        return NOTHING
    libc = ctypes.CDLL(None, use_errno=True)
    machine = CALLS.get(platform.machine())
    action = ctypes.c_uint32(FAIL)
    calls = machine is not None and libc.syscall(machine[1], ASK_ACTION, 0, ctypes.byref(action)) == 0
    return Status(_landlock_version(libc) > 0, calls, ends_with_parent=True)


def end_with(parent: int) -> bool:
    """Let the kernel kill this process when its parent ends; end now if that has happened.

    Parameters
    ----------
    parent
        Process id of the parent. The kernel looks at the *thread* that started this process.
    """
    if sys.platform != "linux":
        return False
    ends = bool(ctypes.CDLL(None).prctl(SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0)
    if os.getppid() != parent:
        os._exit(1)
    return ends


def lock_in(file: Path) -> Status:
    """Give up everything but reading one file; there is no way back.

    Whatever has to be loaded or opened besides must have been before.
    """
    if sys.platform != "linux":
        return NOTHING
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    files = _only_to_read(libc, file)
    return Status(files, _filter_calls(libc), ends_with_parent=True)


def _landlock_version(libc: ctypes.CDLL) -> int:
    """0 or less where there is no Landlock."""
    return int(libc.syscall(LANDLOCK_CREATE, None, ctypes.c_size_t(0), 1))


def _only_to_read(libc: ctypes.CDLL, file: Path) -> bool:
    version = _landlock_version(libc)
    if version < 1:
        return False
    rights = sum(added for since, added in FILE_RIGHTS.items() if since <= version)
    wanted = struct.pack("=Q", rights)
    if version >= NET_SINCE:
        wanted += struct.pack("=Q", NET_RIGHTS)
    if version >= SCOPES_SINCE:
        wanted += struct.pack("=Q", SCOPES)
    rules = libc.syscall(LANDLOCK_CREATE, wanted, ctypes.c_size_t(len(wanted)), 0)
    if rules < 0:
        return False
    place = os.open(file, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", READ_FILE, place)
        added = libc.syscall(LANDLOCK_ADD, rules, 1, rule, 0) == 0
        return bool(added and libc.syscall(LANDLOCK_RESTRICT, rules, 0) == 0)
    finally:
        os.close(place)
        os.close(rules)


def _filter_calls(libc: ctypes.CDLL) -> bool:
    machine = CALLS.get(platform.machine())
    if machine is None:
        return False
    mark, set_filter, special, free = machine
    program = b"".join(struct.pack("=HBBI", *step) for step in _program(mark, special, free))
    held = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(held))
    return bool(libc.syscall(set_filter, SET_FILTER, ALL_THREADS, header) == 0)


def _program(mark: int, special: dict[str, int], free: Sequence[int]) -> list[Instruction]:
    """The filter: what is not allowed fails as if the kernel did not know it, so that libraries fall back."""
    steps = [(LOAD, 0, 0, MACHINE_AT), (TEST_EQUAL, 1, 0, mark), _answer(KILL), (LOAD, 0, 0, NUMBER_AT)]
    for number in free:
        steps += _for(number, [_answer(ALLOW)])
    only_if = {
        "clone": (0, THREAD | NEW_NAMESPACES, THREAD, errno.EPERM),
        "prctl": (0, 0xFFFFFFFF, SET_NAME, errno.EPERM),
        "tgkill": (0, 0xFFFFFFFF, os.getpid(), errno.EPERM),
        "open": (1, TO_WRITE, 0, errno.EACCES),
        "openat": (2, TO_WRITE, 0, errno.EACCES),
    }
    for name, number in special.items():
        if name in only_if:
            steps += _for(number, _if_argument(*only_if[name]))
    return [*steps, _answer(FAIL | errno.ENOSYS)]


def _for(number: int, then: list[Instruction]) -> list[Instruction]:
    return [(TEST_EQUAL, 0, len(then), number), *then]


def _if_argument(place: int, bits: int, value: int, otherwise: int) -> list[Instruction]:
    """Allow a call if these bits of an argument (its lower half: little-endian) have a value."""
    return [
        (LOAD, 0, 0, ARGUMENTS_AT + 8 * place),
        (KEEP_BITS, 0, 0, bits),
        (TEST_EQUAL, 0, 1, value),
        _answer(ALLOW),
        _answer(FAIL | otherwise),
    ]


def _answer(action: int) -> Instruction:
    return (ANSWER, 0, 0, action)
