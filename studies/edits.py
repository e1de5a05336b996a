"""What people, phones and apps do to a clip before they drop it in: ``python -m studies.edits [WORD ...]``.

Each edit is made of a few seconds of one run, whose numbers are known from the clip as it was filmed, and
given to the command line. A row says what was made, what is said of it, and which numbers are off by more
than their ±. With words, only the edits whose name holds one; ``--film PATH`` edits another film than runner
A, ``--keep FOLDER`` keeps the films. ``--tracks FOLDER`` edits nothing: it prints of each film in a folder,
and of the bundled runners' exact joints, what tells a film that plays backward and a stretched picture.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from gait.analysis import read_track
from gait.body import COUNT, LEFT, RIGHT, Landmark
from gait.errors import GaitError
from gait.motion.altered import high_when_forward, width_share
from gait.motion.rhythm import stride_s
from gait.motion.signals import clean
from gait.motion.tempo import speed_range
from gait.motion.timebase import untested
from gait.motion.view import viewpoint
from gait.pose.posetrack import PoseTrack
from gait.video.reader import frames, open_clip
from sample_videos.render.encode import tag_turn
from studies.checkout import HERE, Code
from tests.conftest import SIDE_CLIPS
from tests.truth import SAMPLES, perfect_track, truth

A, OTHER, AGAIN = "runner_a_side_120", "runner_d_side_120", "runner_a_side_120_two_months_later"
NUMBERS = (
    ("overstride_pct_leg", "overstride"),
    ("shank_deg", "shin"),
    ("knee_flexion_touchdown_deg", "knee"),
    ("knee_flexion_peak_deg", "deepest knee"),
    ("lean_deg", "lean"),
    ("oscillation_pct_leg", "bounce"),
    ("cadence_spm", "cadence"),
    ("speed_kmh", "speed"),
    ("hip_drop_deg", "hip drop"),
    ("step_width_pct_leg", "step width"),
    ("crossover_pct", "crossover"),
    ("contact_time_ms", "contact"),
)
"""By the names of the record, and as they are said here."""
WHITE, BLACK, RED, YELLOW = (255, 255, 255), (0, 0, 0), (230, 40, 40), (250, 220, 60)
BONES = tuple((leg.shoulder, leg.elbow, leg.wrist) for leg in (LEFT, RIGHT)) + tuple(
    (leg.shoulder, leg.hip, leg.knee, leg.ankle, leg.toe) for leg in (LEFT, RIGHT)
)
Picture = NDArray[np.uint8]
Pictures = Sequence[Picture]


@dataclass(frozen=True)
class Base:
    """A run as it was filmed."""

    path: Path
    told: tuple[str, ...]
    every: int = 1
    seconds: float = 6.0
    height_px: int = 640

    @property
    def fps(self) -> int:
        return round(self._fps / self.every)

    @cached_property
    def pictures(self) -> Pictures:
        return self.taken(self.path, self.every)

    @cached_property
    def other(self) -> Pictures:
        """Somebody else, filmed the same way."""
        return self.taken(SAMPLES / f"{OTHER}.mp4", max(round(120 / self.fps), 1))

    @cached_property
    def later(self) -> Pictures:
        """The same runner two months later."""
        return self.taken(SAMPLES / f"{AGAIN}.mp4", max(round(120 / self.fps), 1))

    @cached_property
    def joints_px(self) -> NDArray[np.float64]:
        """(n, landmarks, 2) where the joints are in each picture; for a rendered runner only."""
        known = truth(self.path.stem)
        xy_px = np.full((len(next(iter(known.px.values()))), COUNT, 2), np.nan)
        for landmark, points in known.px.items():
            xy_px[:, landmark] = points
        return xy_px[:: self.every][: len(self.pictures)] * self.height_px / known.size_px[1]

    @property
    def _fps(self) -> float:
        pts_s = open_clip(self.path).pts_s
        return float((len(pts_s) - 1) / (pts_s[-1] - pts_s[0]))

    def taken(self, path: Path, every: int) -> Pictures:
        """Every so many pictures of a film, made small."""
        return [
            small(frame.rgb, self.height_px)
            for frame in frames(open_clip(path))
            if frame.index % every == 0 and frame.pts_s < self.seconds
        ]


@dataclass(frozen=True)
class Stored:
    """What an edit makes."""

    pictures: Pictures
    fps: int | None = None
    """Pictures a second; None as the base."""
    options: dict[str, str] = field(default_factory=lambda: {"crf": "20"})
    pixel_format: str = "yuv420p"
    pixel_shape: Fraction | None = None
    """Width to height of a pixel; None if nothing is said."""
    turn_deg: int = 0
    """Stored lying, with a tag that turns it back."""


@dataclass(frozen=True)
class Edit:
    """One edit."""

    name: str
    make: Callable[[Base], Stored | Pictures]


EDITS: list[Edit] = []


def edit(name: str) -> Callable[[Callable[[Base], Stored | Pictures]], Callable[[Base], Stored | Pictures]]:
    """Add a function to the edits."""

    def add(make: Callable[[Base], Stored | Pictures]) -> Callable[[Base], Stored | Pictures]:
        EDITS.append(Edit(name, make))
        return make

    return add


def small(picture: Picture, height_px: int) -> Picture:
    """A picture of this height, its sides even."""
    height, width = picture.shape[:2]
    size = (round(width * height_px / height) // 2 * 2, height_px)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def each(draw: Callable[[Picture], Picture]) -> Callable[[Base], Pictures]:
    """The same done to every picture."""
    return lambda base: [draw(picture) for picture in base.pictures]


@edit("played backward")
def backward(base: Base) -> Pictures:
    return base.pictures[::-1]


@edit("boomerang: 3 s forward, then backward")
def boomerang(base: Base) -> Pictures:
    half = base.pictures[: 3 * base.fps]
    return [*half, *half[::-1]]


@edit("boomerang of 1.5 s, twice")
def short_boomerang(base: Base) -> Pictures:
    half = base.pictures[: 3 * base.fps // 2]
    return [*half, *half[::-1]] * 2


@edit("the same 2 s three times")
def loop(base: Base) -> Pictures:
    return list(base.pictures[: 2 * base.fps]) * 3


@edit("twice, side by side")
def twice(base: Base) -> Pictures:
    return [np.hstack([p, p]) for p in base.pictures]


@edit("twice, one mirrored beside it")
def kaleidoscope(base: Base) -> Pictures:
    return [np.hstack([p, p[:, ::-1]]) for p in base.pictures]


@edit("before and after, side by side")
def before_after(base: Base) -> Pictures:
    return [np.hstack(pair) for pair in zip(base.pictures, base.later, strict=False)]


@edit("two runners, side by side")
def beside(base: Base) -> Pictures:
    return [np.hstack(pair) for pair in zip(base.pictures, base.other, strict=False)]


@edit("two runners, one above the other")
def above(base: Base) -> Pictures:
    return [np.vstack(pair) for pair in zip(base.pictures, base.other, strict=False)]


@edit("two runners laid over each other, half and half")
def laid_over(base: Base) -> Pictures:
    pairs = zip(base.pictures, base.other, strict=False)
    return [_mixed(one, other, 0.5) for one, other in pairs]


@edit("a second runner small in the corner")
def in_the_corner(base: Base) -> Pictures:
    made = []
    for one, other in zip(base.pictures, base.other, strict=False):
        inset, shown = small(other, len(one) * 3 // 10 // 2 * 2), one.copy()
        shown[10 : 10 + inset.shape[0], -10 - inset.shape[1] : -10] = inset
        made.append(shown)
    return made


@edit("off a screen: bars, a scrubber that moves, buttons")
def off_a_screen(base: Base) -> Pictures:
    made = []
    for number, picture in enumerate(base.pictures):
        height, width = picture.shape[:2]
        screen = np.full((height * 5 // 4, width * 2, 3), 18, np.uint8)
        top, left = height // 12, width // 2
        screen[top : top + height, left : left + width] = picture
        along = round((width * 2 - 80) * number / len(base.pictures))
        cv2.line(screen, (40, height + top + 40), (width * 2 - 40, height + top + 40), (90, 90, 90), 4)
        cv2.line(screen, (40, height + top + 40), (40 + along, height + top + 40), RED, 4)
        cv2.circle(screen, (40 + along, height + top + 40), 9, RED, -1)
        for x in range(60, width * 2, 90):
            cv2.rectangle(screen, (x, height + top + 60), (x + 34, height + top + 84), WHITE, -1)
        made.append(screen)
    return made


@edit("upright in a wide picture, its own blurred copy behind it")
def blurred_behind(base: Base) -> Pictures:
    made = []
    for picture in base.pictures:
        height, width = picture.shape[:2]
        wide = height * 16 // 9 // 2 * 2
        large = cv2.resize(picture, (wide, height * wide // width))
        top = (large.shape[0] - height) // 2
        shown = cv2.GaussianBlur(large[top : top + height], (0, 0), 12)
        left = (wide - width) // 2
        shown[:, left : left + width] = picture
        made.append(np.asarray(shown, np.uint8))
    return made


@edit("upright in a wide picture, blurred copies left and right")
def blurred_beside(base: Base) -> Pictures:
    made = []
    for picture in base.pictures:
        soft = np.asarray(cv2.GaussianBlur(picture, (0, 0), 5), np.uint8)
        made.append(np.hstack([soft, picture, soft]))
    return made


edit("mirrored")(each(lambda p: np.ascontiguousarray(p[:, ::-1])))
edit("grey")(each(lambda p: np.repeat(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)))
edit("night")(each(lambda p: np.asarray(255 * (p / 255.0) ** 3.0 * 0.6, np.uint8)))


@edit("mirrored, lying, with a tag that turns it")
def mirrored_and_tagged(base: Base) -> Stored:
    return Stored([np.ascontiguousarray(p[:, ::-1]) for p in base.pictures], turn_deg=90)


def zoomed(picture: Picture, by: float, middle: tuple[float, float] | None = None) -> Picture:
    """Enlarge about a point."""
    height, width = picture.shape[:2]
    x, y = middle or (width / 2, height / 2)
    turn = np.array([[by, 0, width / 2 - by * x], [0, by, height / 2 - by * y]])
    return np.asarray(
        cv2.warpAffine(picture, turn, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


@edit("a slow push in, from 1.0 to 1.3")
def push_in(base: Base) -> Pictures:
    last = len(base.pictures) - 1
    return [zoomed(p, 1 + 0.3 * k / last) for k, p in enumerate(base.pictures)]


@edit("a jump in zoom, 1.0 then 1.3")
def punch_in(base: Base) -> Pictures:
    return [zoomed(p, 1.0 if k < len(base.pictures) / 2 else 1.3) for k, p in enumerate(base.pictures)]


@edit("a crop that keeps the hips in the middle")
def follows_hips(base: Base) -> Pictures:
    hips = base.joints_px[:, [LEFT.hip, RIGHT.hip]].mean(axis=1)
    middle = hips - hips.mean(axis=0) + np.array(base.pictures[0].shape[1::-1]) / 2
    return [zoomed(p, 1.12, (x, y)) for p, (x, y) in zip(base.pictures, middle, strict=True)]


@edit("a crop that keeps the head in the middle, a little late")
def follows_head(base: Base) -> Pictures:
    head = base.joints_px[:, Landmark.NOSE]
    late = np.array([head[max(k - 6, 0) : k + 1].mean(axis=0) for k in range(len(head))])
    middle = late - late.mean(axis=0) + np.array(base.pictures[0].shape[1::-1]) / 2
    return [zoomed(p, 1.12, (x, y)) for p, (x, y) in zip(base.pictures, middle, strict=True)]


@edit("normal, slow by 4 for a third, normal")
def ramp(base: Base) -> Stored:
    return _ramp(base, 2.0, 4.0)


@edit("normal, slow by 4 for 1 s, normal")
def short_ramp(base: Base) -> Stored:
    return _ramp(base, 2.5, 3.5)


def _ramp(base: Base, from_s: float, to_s: float) -> Stored:
    """Runner A, 120 a second; in real time but for the part in the middle, stored as 30."""
    fast = base.taken(base.path, 1)
    start, end = round(120 * from_s), round(120 * to_s)
    return Stored([*fast[:start:4], *fast[start:end], *fast[end::4]], 30)


@edit("slow by 2 throughout, as pictures shown twice")
def doubled(base: Base) -> Pictures:
    return [p for p in base.pictures[: 4 * base.fps] for _ in range(2)]


@edit("a picture that stands for 1 s in the middle")
def freeze(base: Base) -> Pictures:
    half = len(base.pictures) // 2
    return [*base.pictures[:half], *[base.pictures[half]] * base.fps, *base.pictures[half:]]


@edit("three pictures that stand for 0.5 s each, at landings")
def freezes(base: Base) -> Pictures:
    made: list[Picture] = []
    for number, picture in enumerate(base.pictures):
        made += [picture] * (base.fps // 2 if number in (base.fps, 2 * base.fps, 4 * base.fps) else 1)
    return made


@edit("fades in and out, 1 s each")
def fades(base: Base) -> Pictures:
    last = len(base.pictures) - 1
    light = [min(k, last - k, base.fps) / base.fps for k in range(last + 1)]
    return [np.asarray(p * share, np.uint8) for p, share in zip(base.pictures, light, strict=True)]


@edit("a title card of 2 s first")
def title(base: Base) -> Pictures:
    card = np.full_like(base.pictures[0], 30)
    cv2.putText(card, "My run", (60, len(card) // 2), cv2.FONT_HERSHEY_SIMPLEX, 2, WHITE, 4)
    return [*[card] * (2 * base.fps), *base.pictures]


@edit("dissolves into another run for 1 s")
def dissolve(base: Base) -> Pictures:
    half, long = len(base.pictures) // 2, base.fps
    made = list(base.pictures[: half - long // 2])
    for k in range(long):
        at = half - long // 2 + k
        made.append(_mixed(base.pictures[at], base.other[at], k / long))
    return [*made, *base.other[half + long // 2 :]]


def _mixed(one: Picture, other: Picture, share: float) -> Picture:
    return np.asarray(cv2.addWeighted(one, 1 - share, other, share, 0), np.uint8)


@edit("trails: each picture mixed with the three before")
def trails(base: Base) -> Pictures:
    shown = np.stack(base.pictures).astype(np.float32)
    made = [shown[max(k - 3, 0) : k + 1].mean(axis=0) for k in range(len(shown))]
    return [p.astype(np.uint8) for p in made]


@edit("a sticker over the near foot for 2 s")
def sticker(base: Base) -> Pictures:
    return list(_stuck(base, range(2 * base.fps, 4 * base.fps)))


@edit("a sticker over the near foot throughout")
def sticker_always(base: Base) -> Pictures:
    return list(_stuck(base, range(len(base.pictures))))


def _stuck(base: Base, which: range) -> Iterator[Picture]:
    for number, picture in enumerate(base.pictures):
        shown = picture.copy()
        if number in which:
            x, y = base.joints_px[number, LEFT.ankle].round().astype(int)
            cv2.circle(shown, (int(x), int(y)), 34, YELLOW, -1)
            cv2.circle(shown, (int(x) - 10, int(y) - 8), 5, BLACK, -1)
            cv2.circle(shown, (int(x) + 10, int(y) - 8), 5, BLACK, -1)
        yield shown


@edit("a time stamp over the ankles")
def stamp(base: Base) -> Pictures:
    made = []
    floor = round(float(np.nanmax(base.joints_px[:, LEFT.ankle, 1])))
    for number, picture in enumerate(base.pictures):
        shown = picture.copy()
        text = f"00:{number / base.fps:05.2f}"
        cv2.putText(shown, text, (20, floor + 14), cv2.FONT_HERSHEY_SIMPLEX, 2.2, WHITE, 7)
        made.append(shown)
    return made


@edit("a half clear watermark over the legs")
def watermark(base: Base) -> Pictures:
    made = []
    for picture in base.pictures:
        shown = picture.copy()
        for row in range(6):
            place = (10 - 60 * (row % 2), len(shown) // 2 + 50 * row)
            cv2.putText(shown, "SAMPLE SAMPLE", place, cv2.FONT_HERSHEY_SIMPLEX, 1.6, WHITE, 5)
        made.append(_mixed(picture, shown, 0.5))
    return made


@edit("a stick figure drawn by another app")
def stick_figure(base: Base) -> Pictures:
    return list(_drawn(base, 0))


@edit("a stick figure drawn three pictures late")
def late_stick_figure(base: Base) -> Pictures:
    return list(_drawn(base, 3))


def _drawn(base: Base, late: int) -> Iterator[Picture]:
    for number, picture in enumerate(base.pictures):
        shown = picture.copy()
        joints = base.joints_px[max(number - late, 0)]
        for bones in BONES:
            line = joints[list(bones)].round().astype(np.int32)
            cv2.polylines(shown, [line], isClosed=False, color=(60, 255, 60), thickness=3)
            for x, y in line:
                cv2.circle(shown, (int(x), int(y)), 5, RED, -1)
        yield shown


@edit("angle lines that follow the near leg")
def angle_lines(base: Base) -> Pictures:
    made = []
    for picture, joints in zip(base.pictures, base.joints_px, strict=True):
        shown = picture.copy()
        hip, knee, ankle = (joints[k].round().astype(int) for k in (LEFT.hip, LEFT.knee, LEFT.ankle))
        cv2.line(shown, tuple(hip), tuple(knee), YELLOW, 5)
        cv2.line(shown, tuple(knee), tuple(ankle), YELLOW, 5)
        cv2.line(shown, tuple(ankle), (int(ankle[0]), int(ankle[1]) - 160), WHITE, 4)
        cv2.putText(shown, "18.8", (int(knee[0]) + 10, int(knee[1])), cv2.FONT_HERSHEY_SIMPLEX, 1, YELLOW, 3)
        made.append(shown)
    return made


@edit("sent by a messenger: 200 kbit/s")
def messenger(base: Base) -> Stored:
    return Stored(base.pictures, options={"b": "200k", "maxrate": "200k", "bufsize": "400k"})


@edit("sent by a messenger: 200 kbit/s, 30 frames/s")
def messenger_30(base: Base) -> Stored:
    step = max(base.fps // 30, 1)
    return Stored(
        base.pictures[::step], base.fps // step, {"b": "200k", "maxrate": "200k", "bufsize": "400k"}
    )


@edit("sent twice: 60 kbit/s")
def sent_twice(base: Base) -> Stored:
    return Stored(base.pictures, options={"b": "60k", "maxrate": "60k", "bufsize": "120k"})


@edit("heavy noise")
def noise(base: Base) -> Pictures:
    rng = np.random.default_rng(1)
    return [np.clip(p + rng.normal(0, 30, p.shape), 0, 255).astype(np.uint8) for p in base.pictures]


@edit("light that flickers with the mains")
def flicker(base: Base) -> Pictures:
    made = []
    for number, picture in enumerate(base.pictures):
        light = 0.7 + 0.3 * np.sin(2 * np.pi * 100.0 * number / base.fps)
        made.append(np.asarray(picture * light, np.uint8))
    return made


@edit("bands that roll")
def bands(base: Base) -> Pictures:
    made = []
    for number, picture in enumerate(base.pictures):
        row_s = np.arange(len(picture)) / len(picture) * 0.015
        light = 0.65 + 0.35 * np.sin(2 * np.pi * 100.0 * (number / base.fps + row_s))
        made.append(np.asarray(picture * light[:, None, None], np.uint8))
    return made


def stretched(across: float) -> Callable[[Picture], Picture]:
    """Pictures that became wider."""

    def draw(picture: Picture) -> Picture:
        height, width = picture.shape[:2]
        return np.asarray(cv2.resize(picture, (round(width * across) // 2 * 2, height)), np.uint8)

    return draw


for share in (4 / 3, 1.15, 0.87, 0.75):
    edit(f"stretched across by {share:.2f}, nothing said")(each(stretched(share)))


@edit("stored squeezed by 0.75, its pixels said to be 4/3 wide")
def squeezed_and_said(base: Base) -> Stored:
    return Stored([stretched(0.75)(p) for p in base.pictures], pixel_shape=Fraction(4, 3))


@edit("odd sizes")
def odd(base: Base) -> Stored:
    return Stored([np.ascontiguousarray(p[:-1, :-1]) for p in base.pictures], pixel_format="yuv444p")


def write(path: Path, made: Stored, fps: int) -> None:
    """Store a film."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=made.fps or fps)
        stream.pix_fmt, stream.options = made.pixel_format, {"preset": "veryfast", **made.options}
        if made.pixel_shape:
            stream.codec_context.sample_aspect_ratio = made.pixel_shape
        for number, picture in enumerate(made.pictures):
            lying = np.ascontiguousarray(np.rot90(picture, made.turn_deg // 90))
            if number == 0:
                stream.height, stream.width = lying.shape[:2]
            container.mux(stream.encode(av.VideoFrame.from_ndarray(lying, "rgb24")))
        container.mux(stream.encode(None))
    if made.turn_deg:
        tag_turn(path, made.turn_deg)


@dataclass(frozen=True)
class Said:
    """What is said of one film."""

    refused: str = ""
    known: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Value and ± by name."""
    rest: str = ""
    """View and rate, doubts and cue."""

    def __str__(self) -> str:
        if self.refused:
            return self.refused
        return f"{', '.join(f'{n} {v:.1f} ± {e:.1f}' for n, (v, e) in self.known.items())}; {self.rest}"

    def off(self, base: "Said") -> str:
        """Numbers that cannot both be true."""
        wrong = [
            f"{name} {value:.1f} for {base.known[name][0]:.1f}"
            for name, (value, error) in self.known.items()
            if name in base.known and abs(value - base.known[name][0]) > error
        ]
        return ", ".join(wrong)


def said(code: Code, path: Path, told: Sequence[str]) -> Said:
    """Ask about one film."""
    ran = code.gait("analyze", path, "--json", *told)
    if ran.status:
        return Said(str(ran).removeprefix("status 2: gait: "))
    record = json.loads(ran.out)
    found: dict[str, dict[str, float]] = {}
    for one in record["measurements"]:
        if one["value"] is not None:
            found.setdefault(one["name"], one)
    known = {short: (found[n]["value"], 2 * found[n]["uncertainty"]) for n, short in NUMBERS if n in found}
    doubts = ", ".join(doubt["id"] for doubt in record["doubts"]) or "none"
    cue = (record["advice"]["cue"] or {"id": "no cue"})["id"]
    views = ", ".join(f"{clip['view']} at {clip['time_base']['capture_fps']:.4g}" for clip in record["clips"])
    return Said("", known, f"{views}; doubts {doubts}; {cue}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table of every edit, or of those named."""
    parser = argparse.ArgumentParser(prog="python -m studies.edits", description=__doc__)
    parser.add_argument("words", nargs="*", help="parts of names; all if none")
    parser.add_argument("--film", type=Path, default=SAMPLES / f"{A}.mp4")
    parser.add_argument("--every", type=int, default=4, help="take one picture of so many")
    parser.add_argument("--height-cm", default="180", help="of the runner")
    parser.add_argument("--keep", type=Path, help="a folder for the films")
    parser.add_argument("--tracks", type=Path, help="a folder of films as they were taken")
    options = parser.parse_args(arguments)
    if options.tracks:
        for line in as_taken(options.tracks):
            _say(line)
        return
    base = Base(options.film, ("--height-cm", options.height_cm), options.every)
    with TemporaryDirectory(prefix="edits-") as scratch:
        code, folder = Code(HERE, Path(scratch)), options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        filmed = _asked(code, base, Edit("as filmed", lambda base: base.pictures), folder)
        _say(f"As filmed: {filmed}\n\n| edit | what is said | off |\n|---|---|---|")
        for one in EDITS:
            if not options.words or any(word in one.name for word in options.words):
                _row(code, base, one, folder, filmed)


def as_taken(folder: Path) -> Iterator[str]:
    """Say how closely the ankles go high and forward together, and how wide the picture is for its height."""
    for path in sorted(folder.iterdir()):
        try:
            yield f"{path.stem:32}{_taken(read_track(open_clip(path)))}"
        except GaitError as error:
            yield f"{path.stem:32}{error.id}"
    for name in SIDE_CLIPS:
        yield f"{name:32}{_taken(perfect_track(name))}"


def _taken(pose: PoseTrack) -> str:
    view = viewpoint(pose)
    if not view.view.sagittal:
        return str(view.view.value)
    stored_fps = (len(pose.pts_s) - 1) / float(np.ptp(pose.pts_s))
    motion = clean(pose, untested(stored_fps, 0.0), view)
    _, together = high_when_forward(motion, stride_s(motion))
    known = together[np.isfinite(together)]
    least = f"least of {len(known)} strides {known.min():+.2f}" if len(known) else "legs unseen"
    return (
        f"{view.turn_deg:3.0f} degrees off the side, {least}, width over true {width_share(motion):.2f}, "
        f"slowest steps over quickest {speed_range(motion):.2f}"
    )


def _row(code: Code, base: Base, one: Edit, folder: Path, filmed: Said) -> None:
    try:
        found = _asked(code, base, one, folder)
    except Exception as error:  # noqa: BLE001 - one film that cannot be made stops no other
        _say(f"| {one.name} | could not be tried: {type(error).__name__}: {error} | |")
    else:
        _say(f"| {one.name} | {found} | {found.off(filmed)} |".replace("\n", " "))


def _asked(code: Code, base: Base, one: Edit, folder: Path) -> Said:
    path = folder / f"{''.join(c if c.isalnum() else '_' for c in one.name)}.mp4"
    made = one.make(base)
    write(path, made if isinstance(made, Stored) else Stored(made), base.fps)
    return said(code, path, base.told)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
