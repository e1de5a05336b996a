"""A record, and the day it was filmed on, as a comparison needs them."""

import math

from gait.coaching.conditions import Assessed, Conditions, Filming
from gait.record import Record
from gait.store.domain import Day


def assessed(record: Record, day: Day | None = None) -> Assessed:
    """Take what a comparison asks of a record; what only the store knows of the day comes with it."""
    speed, day = record.speed, day or day_of(record)
    return Assessed(
        record.measurements,
        Conditions(
            filmed_on=record.filmed_on,
            speed_m_s=speed.m_s if speed else math.nan,
            speed_sd_m_s=speed.sd_m_s if speed else math.nan,
            speed_given=bool(speed and speed.given),
            clips=tuple(
                Filming(clip.id, clip.view, clip.time_base.capture_fps, clip.time_base.factor_sd)
                for clip in record.clips
            ),
            surface=day.surface or "",
            incline_pct=math.nan if day.incline_pct is None else day.incline_pct,
            shoes=day.shoes,
            minutes_run_before=math.nan if day.minutes_run_before is None else day.minutes_run_before,
            first_time_on_treadmill=bool(day.first_time_on_treadmill),
            method=record.provenance.method,
        ),
    )


def day_of(record: Record) -> Day:
    """What a record itself says of the day."""
    runner = record.runner
    return Day(
        filmed_on=record.filmed_on,
        speed_kmh=runner.speed_kmh if runner.speed_known else None,
        incline_pct=None if math.isnan(runner.incline_pct) else runner.incline_pct,
        in_pain=record.in_pain,
    )
