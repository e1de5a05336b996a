"""Values as bytes in a fixed layout, which their type declares: what comes from a locked-in process is data.

Unlike a pickle such bytes name no function and no type: the reader knows what must come, field by field, and
refuses anything else. Numbers are little-endian; texts and arrays carry their length before them.
"""

import math
import struct
from dataclasses import dataclass, fields
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

Value = TypeVar("Value")
Part = bytes | memoryview

MOST_AXES = 4
LENGTH, FLAG = struct.Struct("<Q"), struct.Struct("<?")
NUMBERS: dict[Any, struct.Struct] = {bool: FLAG, int: struct.Struct("<q"), float: struct.Struct("<d")}


class Garbled(ValueError):
    """The bytes are not of the layout that the type declares."""


@dataclass
class _Source:
    """Bytes, and how many of them have been read."""

    content: memoryview
    at: int = 0

    def take(self, length: int) -> memoryview:
        """The next bytes, not copied."""
        if not 0 <= length <= len(self.content) - self.at:
            raise Garbled("too short")
        self.at += length
        return self.content[self.at - length : self.at]

    def length(self) -> int:
        """The next number."""
        return int(LENGTH.unpack(self.take(LENGTH.size))[0])


def packed(kind: Any, value: Any) -> list[Part]:
    """Write a value of a declared type; arrays are passed on as they lie in memory.

    Parameters
    ----------
    kind
        A frozen dataclass, ``int``, ``float``, ``bool``, ``str``, ``Path``, an enumeration of texts, an
        array, a tuple of one kind (``tuple[int, ...]``) or of several, or one of these ``| None``.
    """
    if kind in NUMBERS:
        return [NUMBERS[kind].pack(value)]
    if kind is str or kind is Path:
        text = str(value).encode("utf-8", "surrogateescape")
        return [LENGTH.pack(len(text)), text]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return packed(str, value.value)
    if (item := _array_of(kind)) is not None:
        return _packed_array(np.asarray(value, dtype=item))
    if (inner := _optional(kind)) is not None:
        return [FLAG.pack(value is not None), *(packed(inner, value) if value is not None else ())]
    if get_origin(kind) is tuple:
        return _packed_tuple(kind, value)
    return [part for name, each in _fields(kind) for part in packed(each, getattr(value, name))]


def unpacked(kind: type[Value], content: bytearray | bytes) -> Value:
    """Read a value of a declared type; arrays of bytes lie in ``content`` and are not copied.

    Raises
    ------
    Garbled
        If the bytes hold anything else.
    """
    source = _Source(memoryview(content))
    try:
        value = _read(kind, source)
    except (ValueError, TypeError, OverflowError, struct.error) as error:
        raise Garbled(str(error)) from error
    if source.at != len(content):
        raise Garbled("too long")
    return value  # type: ignore[no-any-return]


def _packed_array(array: NDArray[Any]) -> list[Part]:
    shape = struct.pack(f"<B{array.ndim}Q", array.ndim, *array.shape)
    return [shape, np.ascontiguousarray(array).reshape(-1).view(np.uint8).data]


def _packed_tuple(kind: Any, value: tuple[Any, ...]) -> list[Part]:
    inner = get_args(kind)
    if inner[-1] is ...:
        if inner[0] in NUMBERS:
            return _packed_array(np.array(value, dtype=_item(inner[0])))
        return [LENGTH.pack(len(value)), *(part for one in value for part in packed(inner[0], one))]
    return [part for each, one in zip(inner, value, strict=True) for part in packed(each, one)]


def _read(kind: Any, source: _Source) -> Any:
    if kind in NUMBERS:
        return NUMBERS[kind].unpack(source.take(NUMBERS[kind].size))[0]
    if kind is str or kind is Path:
        return kind(str(source.take(source.length()), "utf-8", "surrogateescape"))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(_read(str, source))
    if (item := _array_of(kind)) is not None:
        return _read_array(np.dtype(item), source)
    if (inner := _optional(kind)) is not None:
        return _read(inner, source) if _read(bool, source) else None
    if get_origin(kind) is tuple:
        return _read_tuple(kind, source)
    return kind(**{name: _read(each, source) for name, each in _fields(kind)})


def _read_array(item: np.dtype[Any], source: _Source) -> NDArray[Any]:
    axes = source.take(1)[0]
    if axes > MOST_AXES:
        raise Garbled("too many axes")
    shape = tuple(source.length() for _ in range(axes))
    content = source.take(math.prod(shape) * item.itemsize)
    array = np.frombuffer(content, dtype=item).reshape(shape)
    return array if item.itemsize == 1 else array.copy()


def _read_tuple(kind: Any, source: _Source) -> tuple[Any, ...]:
    inner = get_args(kind)
    if inner[-1] is not ...:
        return tuple(_read(each, source) for each in inner)
    if inner[0] in NUMBERS:
        return tuple(_read_array(np.dtype(_item(inner[0])), source).reshape(-1).tolist())
    count = source.length()
    if count > len(source.content) - source.at:
        raise Garbled("more values than bytes")
    return tuple(_read(inner[0], source) for _ in range(count))


def _item(number: Any) -> Any:
    return {bool: np.bool_, int: np.int64, float: np.float64}[number]


def _array_of(kind: Any) -> Any:
    """Type of an array's values (``NDArray[np.uint8]``); None for anything else."""
    if get_origin(kind) is not np.ndarray:
        return None
    (item,) = get_args(get_args(kind)[1])
    return np.int64 if item is np.int_ else item


def _optional(kind: Any) -> Any:
    """What stands beside ``| None``; None for anything else."""
    if get_origin(kind) not in (UnionType, Union):
        return None
    inner = [each for each in get_args(kind) if each is not NoneType]
    return inner[0] if len(inner) == 1 else None


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in fields(kind))
