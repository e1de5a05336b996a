"""One sheet of A4: words that are wrapped by their real width, pictures, and four numbers."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Rectangle
from PIL import Image

WIDTH_PT, HEIGHT_PT, MARGIN_PT = 595.28, 841.89, 48.0
PT_PER_INCH = 72
FINE = 8
"""How many times finer than a point widths are measured, as letters are not moved to whole points."""
INK, SOFT, LINE, ACCENT, CUE = "#23201b", "#645d52", "#d8cfc0", "#a25a00", "#fff3dc"
LEADING = 1.38
GAP_PT, PAD_PT, BAR_PT = 16.0, 14.0, 5.0
BODY_PT, SMALL_PT, NAME_PT, NUMBER_PT = 10.0, 8.5, 21.0, 15.0
MOST_FOOT_PT, MOST_PICTURE_PT, LEAST_PICTURE_PT = 130.0, 430.0, 60.0
MOST_LETTERS, MOST_LINES = 1500, 25
"""Of a paragraph; more does not fit on the sheet, and stands on the page for the browser."""
KEPT_AS_FONTS = 42
"""Letters stay sharp, can be searched and copied."""


@dataclass(frozen=True)
class Words:
    """One paragraph."""

    text: str
    size_pt: float = BODY_PT
    bold: bool = False
    soft: bool = False

    @property
    def font(self) -> FontProperties:
        """The font that it is set in."""
        return FontProperties(
            family="DejaVu Sans", size=self.size_pt, weight="bold" if self.bold else "normal"
        )

    @property
    def colour(self) -> str:
        """The colour that it is set in."""
        return SOFT if self.soft else INK


@dataclass(frozen=True)
class _Line:
    text: str
    words: Words

    @property
    def high_pt(self) -> float:
        return LEADING * self.words.size_pt


class Sheet:
    """A sheet that is filled from above and from below; the pictures take what is left between."""

    def __init__(self) -> None:
        self.figure = Figure(figsize=(WIDTH_PT / PT_PER_INCH, HEIGHT_PT / PT_PER_INCH), dpi=PT_PER_INCH)
        self._measure = RendererAgg(1, 1, FINE * PT_PER_INCH)  # type: ignore[no-untyped-call]
        self._top, self._bottom = MARGIN_PT, HEIGHT_PT - MARGIN_PT

    def head(self, name: str, day: str) -> None:
        """Write who and when, with a line below."""
        right = Words(day, 11, soft=True)
        room = _WIDE_PT - self._width_pt(day, right) - GAP_PT
        (first, *_) = self._wrapped(Words(name, NAME_PT, bold=True), room)
        base = self._top + NAME_PT
        self._write(first, MARGIN_PT, base)
        self._write(_Line(day, right), WIDTH_PT - MARGIN_PT, base, align="right")
        self._rule(base + 10)
        self._top = base + 10 + GAP_PT

    def box(self, paragraphs: Sequence[Words]) -> None:
        """Write paragraphs on a tinted ground with a bar at its left."""
        inner = _WIDE_PT - 2 * PAD_PT - BAR_PT
        each = [self._wrapped(words, inner) for words in paragraphs if words.text]
        high = sum(line.high_pt for lines in each for line in lines) + 4 * (len(each) - 1) + 2 * PAD_PT
        self._tint(self._top, high)
        y = self._top + PAD_PT
        for lines in each:
            y = self._lines(lines, MARGIN_PT + BAR_PT + PAD_PT, y) + 4
        self._top += high + GAP_PT

    def foot(self, paragraphs: Sequence[Words], last: str) -> None:
        """Write paragraphs at the bottom, as many lines as there is room for, and a last line under them."""
        small = self._wrapped(Words(last, 7.5, soft=True), _WIDE_PT)
        self._lines(small, MARGIN_PT, self._bottom - 8)
        self._bottom -= 8 + GAP_PT
        lines = [line for words in paragraphs for line in self._wrapped(words, _WIDE_PT)]
        kept = _fitting(lines, MOST_FOOT_PT)
        if kept:
            high = sum(line.high_pt for line in kept)
            self._lines(kept, MARGIN_PT, self._bottom - high)
            self._bottom -= high + 6
            self._rule(self._bottom)
            self._bottom -= GAP_PT

    def cells(self, numbers: Sequence[tuple[str, str, str]]) -> None:
        """Write numbers beside each other, above the foot: its value, its name, and what is usual."""
        if not numbers:
            return
        wide = (_WIDE_PT - (len(numbers) - 1) * PAD_PT) / len(numbers)
        cells = [
            [
                line
                for words in (
                    self._fitted(value, wide),
                    Words(name, SMALL_PT, bold=True),
                    Words(usual, SMALL_PT, soft=True),
                )
                if words.text
                for line in self._wrapped(words, wide)
            ]
            for value, name, usual in numbers
        ]
        high = max(sum(line.high_pt for line in lines) for lines in cells)
        for number, lines in enumerate(cells):
            self._lines(lines, MARGIN_PT + number * (wide + PAD_PT), self._bottom - high)
        self._bottom -= high + GAP_PT

    def pictures(self, pictures: Sequence[tuple[bytes, str]]) -> None:
        """Put pictures with captions beside each other between what stands above and below."""
        if not pictures:
            return
        wide = (_WIDE_PT - (len(pictures) - 1) * GAP_PT) / len(pictures)
        captions = [self._wrapped(Words(text, SMALL_PT, soft=True), wide) for _, text in pictures]
        under = max(sum(line.high_pt for line in lines) for lines in captions)
        room = min(self._bottom - self._top - under - 6, MOST_PICTURE_PT)
        if room < LEAST_PICTURE_PT:
            return
        images = [Image.open(io.BytesIO(jpeg)) for jpeg, _ in pictures]
        high = min(room, *(wide * image.height / image.width for image in images))
        for number, (image, lines) in enumerate(zip(images, captions, strict=True)):
            left = MARGIN_PT + number * (wide + GAP_PT)
            self._picture(image, left, high)
            self._lines(lines, left, self._top + high + 6)
        self._top += high + 6 + under + GAP_PT

    def _picture(self, image: Image.Image, left: float, high: float) -> None:
        share = high * image.width / image.height
        box = (left / WIDTH_PT, 1 - (self._top + high) / HEIGHT_PT, share / WIDTH_PT, high / HEIGHT_PT)
        axes = self.figure.add_axes(box)
        axes.imshow(np.asarray(image), interpolation="none", aspect="auto")
        axes.set_axis_off()

    def _tint(self, top: float, high: float) -> None:
        place = (MARGIN_PT, HEIGHT_PT - top - high)
        ground = FancyBboxPatch(place, _WIDE_PT, high, "round,pad=0,rounding_size=6", fc=CUE, ec="none")
        bar = Rectangle(place, BAR_PT, high, fc=ACCENT, ec="none")
        bar.set_clip_path(ground)
        for patch in (ground, bar):
            patch.set_transform(self._in_points())
            self.figure.add_artist(patch)

    def _rule(self, y: float) -> None:
        ends = (MARGIN_PT / WIDTH_PT, 1 - MARGIN_PT / WIDTH_PT)
        self.figure.add_artist(Line2D(ends, (1 - y / HEIGHT_PT,) * 2, color=LINE, lw=0.8))

    def _lines(self, lines: Sequence[_Line], x: float, top: float) -> float:
        for line in lines:
            self._write(line, x, top + line.words.size_pt)
            top += line.high_pt
        return top

    def _write(self, line: _Line, x: float, base: float, align: str = "left") -> None:
        self.figure.text(
            x / WIDTH_PT,
            1 - base / HEIGHT_PT,
            line.text,
            fontproperties=line.words.font,
            color=line.words.colour,
            ha=align,
            va="baseline",
            parse_math=False,
        )

    def _in_points(self) -> matplotlib.transforms.Transform:
        return matplotlib.transforms.Affine2D().scale(1 / WIDTH_PT, 1 / HEIGHT_PT) + self.figure.transFigure

    def _fitted(self, text: str, wide: float) -> Words:
        """The number in large type, smaller where it would not stand in one line."""
        full = self._width_pt(text, Words(text, NUMBER_PT, bold=True))
        return Words(text, max(BODY_PT, min(NUMBER_PT, 0.98 * NUMBER_PT * wide / full)), bold=True)

    def _wrapped(self, words: Words, wide: float) -> list[_Line]:
        lines: list[_Line] = []
        rest = words.text[:MOST_LETTERS].split()
        while rest and len(lines) < MOST_LINES:
            count = next(
                (n for n in range(1, len(rest) + 1) if self._width_pt(" ".join(rest[:n]), words) > wide),
                len(rest) + 1,
            )
            if count == 1:
                rest[:1] = self._broken(rest[0], words, wide)
                continue
            lines.append(_Line(" ".join(rest[: count - 1]), words))
            rest = rest[count - 1 :]
        return lines

    def _broken(self, word: str, words: Words, wide: float) -> list[str]:
        """Break a word that is wider than a line."""
        too_long = (n for n in range(2, len(word)) if self._width_pt(word[:n], words) > wide)
        fits = next(too_long, len(word)) - 1
        return [word[:fits], word[fits:]]

    def _width_pt(self, text: str, words: Words) -> float:
        wide, _, _ = self._measure.get_text_width_height_descent(  # type: ignore[no-untyped-call]
            text, words.font, ismath=False
        )
        return float(wide) / FINE


_WIDE_PT = WIDTH_PT - 2 * MARGIN_PT


def _fitting(lines: Sequence[_Line], most_pt: float) -> list[_Line]:
    kept: list[_Line] = []
    for line in lines:
        if sum(each.high_pt for each in kept) + line.high_pt > most_pt:
            return [*kept[:-1], _Line(f"{kept[-1].text} …", kept[-1].words)]
        kept.append(line)
    return kept


def written(sheet: Sheet, into: BinaryIO, about: dict[str, str]) -> None:
    """Write a sheet as PDF.

    Parameters
    ----------
    about
        What the file says of itself, such as its title.
    """
    with matplotlib.rc_context({"pdf.fonttype": KEPT_AS_FONTS}):
        sheet.figure.savefig(into, format="pdf", metadata={"Creator": "gait", **about}, dpi=220)
