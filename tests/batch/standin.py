"""Stands for the reader of clips: what becomes of an order hangs on what its clips are called.

Imports nothing of ours, so that its process begins at once; only the clip itself stands for what it shows.
"""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parents[1] / "golden" / "runner_a.json"


def work(text: str, report: Callable[[str, int, int], None]) -> str:
    """Answer as the reader would."""
    order = json.loads(text)
    clips = list(zip(order["request"]["clips"], order["digests"], strict=True))
    for clip, _ in clips:
        path = Path(clip["path"])
        report(path.name, 1, 2)
        _happen(path)
    questions = [found for clip, digest in clips for found in _questions(clip, digest)]
    refusals = [_refusal(clip) for clip, _ in clips if Path(clip["path"]).name.startswith("refused")]
    outcome: dict[str, Any] = {"state": "done", "refusals": refusals}
    if any(Path(clip["path"]).name.startswith("breaks") for clip, _ in clips):
        outcome |= {"state": "failed", "trouble": "Traceback …\nValueError: our own fault"}
    elif questions:
        outcome |= {"state": "asked", "questions": questions}
    elif len(refusals) == len(clips):
        outcome |= {"state": "refused"}
    else:
        outcome |= {"record": _record(order, [c for c in clips if _refusal(c[0]) not in refusals])}
    return json.dumps(outcome)


def _happen(path: Path) -> None:
    name = path.name
    if name.startswith("slow"):
        time.sleep(0.3)
    once = path.with_suffix(".once")
    if name.startswith("waits") and not once.exists():
        time.sleep(60)
    if name.startswith("dies") and not (name.startswith("dies_once") and once.exists()):
        once.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def _questions(clip: dict[str, Any], digest: str) -> list[dict[str, Any]]:
    name = Path(clip["path"]).name
    if name.startswith("asks") and clip["capture_fps"] is None:
        text, choices, field = "More than one rate would fit.", [120.0, 240.0], "capture_fps"
    elif name.startswith("who") and clip["person"] is None:
        text, choices, field = "2 people run in this clip: say which one.", [1.0, 2.0], "person"
    else:
        return []
    return [{"digest": digest, "file": name, "field": field, "text": text, "choices": choices}]


def _refusal(clip: dict[str, Any]) -> dict[str, str]:
    return {"file": Path(clip["path"]).name, "id": "no-runner", "text": "Nobody runs here."}


def _record(order: dict[str, Any], clips: list[tuple[dict[str, Any], str]]) -> str:
    record = json.loads(GOLDEN.read_text(encoding="utf-8"))
    (first, *_) = record["clips"]
    record["filmed_on"] = order["request"]["filmed_on"]
    record["clips"] = [
        first | {"id": clip["id"], "file": Path(clip["path"]).name, "sha256": digest}
        for clip, digest in clips
    ]
    for clip, (asked, _) in zip(record["clips"], clips, strict=True):
        clip["time_base"] = first["time_base"] | {"capture_fps": asked["capture_fps"] or 120.0}
    text = json.dumps(record)
    for name in {clip["id"] for clip in json.loads(GOLDEN.read_text(encoding="utf-8"))["clips"]}:
        text = text.replace(json.dumps(name), json.dumps(clips[0][0]["id"]))
    return text
