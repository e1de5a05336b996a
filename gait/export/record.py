"""The record of an analysis as plain JSON: the contract that others build on.

Times are seconds of capture time from the clip's first frame. What is missing is ``null``.
"""

import json
import math
from typing import Any

from gait.analysis import Analysis, ClipAnalysis
from gait.coaching.assessment import Finding
from gait.coaching.cue import Advice
from gait.metrics.measurement import Measurement
from gait.motion.events import Contact
from gait.quality.doubts import Doubt

SCHEMA = 1
Json = dict[str, Any]


def to_json(analysis: Analysis) -> str:
    """Write the record as indented JSON."""
    return json.dumps(to_record(analysis), indent=1, ensure_ascii=False, allow_nan=False)


def to_record(analysis: Analysis) -> Json:
    """Build the record of an analysis."""
    return {
        "schema": SCHEMA,
        "clips": [_clip(clip) for clip in analysis.clips],
        "measurements": [_measurement(m) for m in analysis.measurements],
        "doubts": [_doubt(doubt) for doubt in analysis.doubts],
        "findings": [_finding(finding) for finding in analysis.findings],
        "advice": _advice(analysis.advice),
        "provenance": {
            "gait": analysis.provenance.gait,
            "mediapipe": analysis.provenance.mediapipe,
            "model_sha256": analysis.provenance.model_sha256,
        },
    }


def _clip(clip: ClipAnalysis) -> Json:
    view = clip.motion.viewpoint
    return {
        "role": clip.role,
        "file": clip.clip.path.name,
        "view": str(view.view),
        "facing": str(view.facing),
        "turn_deg": _rounded(view.turn_deg, 1),
        "roll_deg": _rounded(clip.motion.roll.deg, 1) if clip.motion.roll.known else None,
        "sha256": clip.clip.sha256,
        "size_px": list(clip.clip.size_px),
        "frames": len(clip.clip.pts_s),
        "frames_read": len(clip.track.pts_s),
        "repaired_frames": int(clip.track.repaired.sum()),
        "time_base": {
            "capture_fps": _rounded(clip.base.capture_fps, 3),
            "slow_motion_factor": _rounded(clip.base.slow_motion_factor, 4),
            "confidence": clip.base.confidence,
            "evidence": list(clip.base.evidence),
        },
        "contacts": [_contact(contact) for contact in clip.contacts],
    }


def _contact(contact: Contact) -> Json:
    return {
        "side": str(contact.side),
        "touchdown_s": _rounded(contact.touchdown_s, 4),
        "touchdown_sd_s": _rounded(contact.touchdown_sd_s, 4),
        "toe_off_s": _rounded(contact.toe_off_s, 4),
        "toe_off_sd_s": _rounded(contact.toe_off_sd_s, 4),
        "source": contact.source,
    }


def _measurement(measurement: Measurement) -> Json:
    return {
        "name": measurement.name,
        "side": str(measurement.side) if measurement.side else None,
        "value": _rounded(measurement.value),
        "unit": measurement.unit,
        "uncertainty": _rounded(measurement.uncertainty),
        "n": measurement.n,
        "samples": [_rounded(sample) for sample in measurement.samples],
        "clip": measurement.clip,
        "repeatability": _rounded(measurement.repeatability),
        "why_missing": measurement.why_missing,
    }


def _doubt(doubt: Doubt) -> Json:
    return {
        "id": doubt.id,
        "text": doubt.text,
        "metrics": list(doubt.metrics),
        "trust": doubt.trust,
    }


def _finding(finding: Finding) -> Json:
    return {
        "metric": finding.metric,
        "side": str(finding.side) if finding.side else None,
        "value": _rounded(finding.value),
        "norm": _rounded(finding.norm),
        "limit": _rounded(finding.limit),
        "speed_m_s": _rounded(finding.speed_m_s),
        "direction": finding.direction,
        "deviation": _rounded(finding.deviation),
        "trust": _rounded(finding.trust),
        "source": finding.source,
        "clip": finding.clip,
        "carried_on": finding.carried_on,
    }


def _advice(advice: Advice) -> Json:
    cue, second = advice.cue, advice.runner_up
    return {
        "cue": {
            "id": cue.id,
            "title": cue.title,
            "text": cue.text,
            "drill": cue.drill,
            "dose": cue.dose,
            "expect": cue.expect,
            "retest": cue.retest.isoformat(),
            "source": cue.source,
            "fallback": cue.fallback,
            "weeks": list(cue.weeks),
            "after": cue.after,
            "check_metric": cue.check_metric,
            "target_cadence_spm": None
            if cue.target_cadence_spm is None
            else _rounded(cue.target_cadence_spm),
            "film_twice": cue.film_twice,
            "notes": list(cue.notes),
        }
        if cue
        else None,
        "why": advice.why,
        "why_id": advice.why_id,
        "runner_up": {"id": second.id, "title": second.title, "why": second.why} if second else None,
    }


def _rounded(value: float, digits: int = 2) -> float | None:
    return round(float(value), digits) if math.isfinite(value) else None
