"""One assessment that is asked for, and the key by which the store knows it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cattrs.preconf.json import make_converter

from gait.analysis import METHOD, ClipRequest, Request
from gait.store.domain import Day
from gait.store.texts import same_name

Answer = dict[str, float]
"""What a person said of one clip: ``{"capture_fps": 240}``, ``{"person": 2}`` or ``{"left_out": 1}``."""
LEFT_OUT = "left_out"
CONVERTER = make_converter()


@dataclass(frozen=True)
class Order:
    """One assessment: whose clips, what is known of them, and where that was written."""

    runner: str
    request: Request
    day: Day
    digests: tuple[str, ...]
    """SHA-256 of each clip, in the request's order."""
    where: str = ""
    """Rows or folder that it comes from, for messages."""

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return f"{self.runner}, {self.request.filmed_on}"


def key_of(order: Order, model_sha256: str) -> str:
    """Digest of all that the result hangs on: clips, request, runner, method and model.

    Names and folders of files do not count: a clip that was moved is the same clip.
    """
    clips = [(digest, *_known(clip)) for digest, clip in zip(order.digests, order.request.clips, strict=True)]
    request = CONVERTER.unstructure(replace(order.request, clips=(ClipRequest(order.request.clips[0].path),)))
    made_from = {
        "clips": sorted(clips, key=repr),
        "request": {name: value for name, value in request.items() if name != "clips"},
        "runner": same_name(order.runner.strip()),
        "day": CONVERTER.unstructure(order.day),
        "method": METHOD,
        "model": model_sha256,
    }
    return hashlib.sha256(json.dumps(made_from, sort_keys=True, default=str).encode()).hexdigest()


def answered(order: Order, answers: Mapping[str, Answer]) -> Order:
    """The order with what was said of its clips, by their digests; clips that are to be left out are gone.

    At least one clip stays: an order of which all is left out is as it was.
    """
    kept = [
        (digest, _with(clip, answers.get(digest, {})))
        for digest, clip in zip(order.digests, order.request.clips, strict=True)
        if LEFT_OUT not in answers.get(digest, {})
    ]
    if not kept:
        return order
    digests, clips = zip(*kept, strict=True)
    return replace(order, request=replace(order.request, clips=clips), digests=digests)


def to_json(order: Order) -> str:
    """Write an order, for another process."""
    return json.dumps(CONVERTER.unstructure(order))


def from_json(text: str) -> Order:
    """Read an order back."""
    return CONVERTER.structure(json.loads(text), Order)


def _with(clip: ClipRequest, answer: Answer) -> ClipRequest:
    said: dict[str, Any] = {}
    if "capture_fps" in answer:
        said["capture_fps"] = answer["capture_fps"]
    if "person" in answer:
        said["person"] = int(answer["person"])
    return replace(clip, **said)


def _known(clip: ClipRequest) -> tuple[object, ...]:
    return clip.capture_fps, clip.person, clip.near and clip.near.value, clip.mirrored, clip.tape
