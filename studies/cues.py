"""Thirty forms and the cue each gets: ``python -m studies.cues``.

Every form is a set of measurements with the uncertainties that the tool states, of a runner who does what is
usual at his speed but for what is named; each is judged three times, its findings in other orders, and must
get the same cue.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from gait.body import Side
from gait.coaching.assessment import assess
from gait.coaching.cue import Advice, Screens, choose
from gait.coaching.norms import norms
from gait.metrics.measurement import Measurement
from gait.motion.scale import Speed

TODAY = date(2026, 11, 25)
ACCURACY = {
    "overstride_pct_leg": 1.6, "shank_deg": 1.4, "knee_flexion_touchdown_deg": 2.3,
    "knee_flexion_peak_deg": 2.9, "thigh_toe_off_deg": 2.5, "lean_deg": 2.3, "waist_bend_deg": 3.1,
    "oscillation_pct_leg": 0.65, "cadence_spm": 0.5, "contact_time_ms": 10.0, "flight_time_ms": 10.0,
    "duty_factor_pct": 1.4, "hip_drop_deg": 1.5, "step_width_pct_leg": 1.4, "crossover_pct": 8.0,
}  # fmt: skip
"""One standard deviation of a good clip: what the tool states on the study's bodies (docs/accuracy.md)."""
BEHIND = ("hip_drop_deg", "step_width_pct_leg", "crossover_pct")
BOTH = ("hip_drop_deg", "crossover_pct")
UNSIDED = ("lean_deg", "waist_bend_deg", "oscillation_pct_leg", "cadence_spm", "step_width_pct_leg")
UNITS = {"cadence_spm": "steps/min", "contact_time_ms": "ms", "flight_time_ms": "ms"}


@dataclass(frozen=True)
class Form:
    """A runner in words, and what is unusual in numbers."""

    words: str
    off: dict[str, float] = field(default_factory=dict)
    speed_m_s: float = 3.0
    speed_given: bool = True
    behind: bool = True
    screens: Screens = Screens()  # noqa: RUF009 frozen values share nothing that changes
    n: int = 12


REACHING = {"overstride_pct_leg": 12.0, "shank_deg": 9.0}
FORMS = (
    Form("usual in everything"),
    Form("usual, filmed from the side only", behind=False),
    Form("usual, an elite at 16 km/h", speed_m_s=4.45),
    Form("usual, a jogger at 7.2 km/h", speed_m_s=2.0),
    Form("reaches far out with a straight shin", REACHING),
    Form("the same, a jogger at 7.5 km/h", {"overstride_pct_leg": 15.0, "shank_deg": 11.0}, speed_m_s=2.08),
    Form("the same, speed only seen", REACHING, speed_given=False),
    Form("reaches a little", {"overstride_pct_leg": 5.0, "shank_deg": 4.0}),
    Form("reaches with an upright shin: a long thigh", {"overstride_pct_leg": 12.0}),
    Form("reaches, and slow steps", {**REACHING, "cadence_spm": -20.0}),
    Form("slow steps and much bounce", {"cadence_spm": -22.0, "oscillation_pct_leg": 4.5}),
    Form("slow steps alone", {"cadence_spm": -25.0}),
    Form("bounces", {"oscillation_pct_leg": 5.0}),
    Form("bounces, and reaches", {**REACHING, "oscillation_pct_leg": 5.0}),
    Form("bounces, sore calf last month", {"oscillation_pct_leg": 5.0}, screens=Screens(calf_trouble=True)),
    Form("hips drop", {"hip_drop_deg": 8.0}),
    Form("hips drop and feet cross", {"hip_drop_deg": 8.0, "step_width_pct_leg": -8.0}),
    Form("feet cross", {"step_width_pct_leg": -8.0}),
    Form("hips drop a little", {"hip_drop_deg": 4.0}),
    Form("lands stiff", {"knee_flexion_touchdown_deg": -12.0, "knee_flexion_peak_deg": -13.0}),
    Form(
        "lands stiff and reaches",
        {**REACHING, "knee_flexion_touchdown_deg": -12.0, "knee_flexion_peak_deg": -13.0},
    ),
    Form("leans back and reaches", {"lean_deg": -13.0, "overstride_pct_leg": 12.0}),
    Form("leans back alone", {"lean_deg": -13.0}),
    Form("leans far forward as a whole", {"lean_deg": 14.0}),
    Form("bends at the waist", {"lean_deg": 8.0, "waist_bend_deg": 16.0}),
    Form("hand far across the zip", {"crossover_pct": 38.0}),
    Form("hand far across, and hips drop", {"crossover_pct": 38.0, "hip_drop_deg": 8.0}),
    Form("reaches, something hurts", REACHING, screens=Screens(in_pain=True)),
    Form("reaches, race in three weeks", REACHING, screens=Screens(race_on=date(2026, 12, 13))),
    Form("reaches, four steps seen", REACHING, n=4),
)


def main() -> None:
    """Print every form, its cue, the runner-up and why."""
    unlike = 0
    for number, form in enumerate(FORMS, start=1):
        first, *others = (advice_for(form, order) for order in range(3))
        unlike += any(other != first for other in others)
        cue = first.cue.id if first.cue else f"none ({first.why_id})"
        second = f"; then {first.runner_up.id}" if first.runner_up else ""
        sys.stdout.write(f"{number:2} {form.words}\n   -> {cue}{second}\n      {first.why}\n")
    sys.stdout.write(f"\n{len(FORMS)} forms, {unlike} with another cue when asked again in another order\n")


def advice_for(form: Form, order: int = 0) -> Advice:
    """Judge a form, its measurements in some order."""
    measured = list(measurements(form))
    shuffled = (
        [measured[i] for i in np.random.default_rng(order).permutation(len(measured))] if order else measured
    )
    speed = Speed(form.speed_m_s, (0.02 if form.speed_given else 0.08) * form.speed_m_s, form.speed_given)
    findings = assess(shuffled, speed, ())
    return choose(findings, shuffled, speed, TODAY, screens=form.screens)


def measurements(form: Form) -> Iterator[Measurement]:
    """What the tool would measure of a form."""
    for name, norm in norms().items():
        if name in BEHIND and not form.behind:
            continue
        value = norm.mean_at(form.speed_m_s) + form.off.get(name, 0.0)
        unit = UNITS.get(name, "deg" if name.endswith("deg") else "%")
        clip = "behind" if name in BEHIND else "side"
        for side in _sides(name):
            yield Measurement(name, side, value, unit, ACCURACY[name], form.n, (value,) * form.n, clip)


def _sides(name: str) -> Sequence[Side | None]:
    if name in BOTH:
        return tuple(Side)
    return (None,) if name in UNSIDED else (Side.LEFT,)


if __name__ == "__main__":
    main()
