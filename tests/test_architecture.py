"""The one-way rule: a module imports only from what stands above it, and each big package has one home."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "gait"
LINE = (
    "errors", "body", "video", "pose", "motion", "metrics", "quality", "coaching", "analysis", "record",
    "export", "validate", "cli", "ui",
)  # fmt: skip
WITHIN = {
    "video": (
        "colour",
        "clip",
        "sandbox",
        "decoder",
        "reader",
        "footage",
        "plumb",
        "writer",
    ),
    "pose": (
        "period",
        "posetrack",
        "cache",
        "model",
        "landmarker",
        "people",
        "runner",
        "reading",
        "sides",
        "track",
        "tape",
        "waistband",
        "waist",
    ),
    "motion": (
        "view",
        "timebase",
        "joints",
        "signals",
        "angles",
        "contact",
        "curves",
        "rhythm",
        "events",
        "scale",
        "physics",
        "pelvis",
        "proof",
    ),
    "metrics": (
        "catalogue",
        "measurement",
        "words",
        "run",
        "landing",
        "posture",
        "frontal",
        "rhythm",
        "measure",
        "merge",
    ),
    "validate": (
        "agreement",
        "truth",
        "events",
        "clips",
        "figures",
        "markers",
        "landmarks",
        "swaps",
        "report",
    ),
    "quality": ("gates", "doubts"),
    "analysis": ("request", "clip", "read", "judge", "whole"),
    "export": ("overlay", "pictures", "figures", "report", "tables", "folder"),
    "coaching": ("norms", "curves", "assessment", "cue"),
}
HOMES = {
    "mediapipe": {"pose.landmarker"},
    "av": {"video.decoder", "video.writer"},
    "cv2": {"video.footage", "video.plumb", "pose.tape", "pose.waistband", "export.overlay"},
    "matplotlib": {"export.figures", "export.overlay", "validate.figures"},
    "streamlit": {"ui.measure", "ui.result"},
    "pooch": {"pose.model"},
    "jinja2": {"export.report"},
}


def _imports() -> list[tuple[str, str]]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found += [(module, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                found += [(module, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def test_every_room_stands_in_the_line() -> None:
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert rooms - {"__init__", "__pycache__"} == set(LINE)


def test_a_module_imports_only_from_what_stands_above_it() -> None:
    wrong = []
    for module, imported in _imports():
        parts = imported.split(".")
        if parts[0] != "gait" or len(parts) < 2 or module == "__init__":
            continue
        here, there = module.split(".")[0], parts[1]
        if here != there and LINE.index(there) > LINE.index(here):
            wrong.append(f"{module} imports {imported}")
        within, own = WITHIN.get(here, ()), module.split(".")[-1]
        if here == there and own in within and parts[2] in within:
            if within.index(parts[2]) > within.index(own):
                wrong.append(f"{module} imports {imported}")
    assert not wrong, "\n".join(wrong)


def test_each_big_package_has_one_home() -> None:
    strays = [
        f"{module} imports {imported}"
        for module, imported in _imports()
        if (package := imported.split(".")[0]) in HOMES and module not in HOMES[package]
    ]
    assert not strays, "\n".join(strays)
