"""The one-way rule: a module imports only from what stands above it, and each big package has one home."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "gait"
LINE = (
    "errors", "plain", "limits", "certificates", "body", "watch", "video", "pose", "motion", "metrics",
    "quality", "coaching", "analysis", "record", "store", "months", "export", "batch", "validate", "ui",
    "cli",
)  # fmt: skip
WITHIN = {
    "watch": ("run", "fit", "activities", "file"),
    "video": (
        "colour",
        "clip",
        "door",
        "jail",
        "wire",
        "sandbox",
        "decoder",
        "jpegs",
        "reader",
        "footage",
        "plumb",
        "writer",
        "features",
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
        "assembly",
        "pilot",
        "track",
        "sighted",
        "tape",
        "waistband",
        "waist",
    ),
    "motion": (
        "view",
        "evenness",
        "rates",
        "timebase",
        "joints",
        "reference",
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
    "analysis": ("request", "glimpse", "clip", "read", "judge", "whole"),
    "export": (
        "overlay",
        "pictures",
        "figures",
        "proxy",
        "segments",
        "report",
        "tables",
        "staging",
        "folder",
        "matched",
        "comparison",
        "sheet",
        "takehome",
        "steps",
        "markers",
        "trc",
        "c3d",
        "netcdf",
        "exchange",
    ),
    "batch": (
        "orders",
        "outcomes",
        "manifest",
        "checking",
        "processes",
        "work",
        "questions",
        "waiting",
        "run",
        "results",
        "rounds",
        "cluster",
    ),
    "months": ("assessed", "plan", "pair", "watched", "keep", "history", "room"),
    "coaching": (
        "norms",
        "curves",
        "scatter",
        "watched",
        "assessment",
        "book",
        "words",
        "no_cue",
        "cue",
        "conditions",
        "comparable",
        "change",
        "trend",
        "programme",
    ),
    "store": (
        "texts",
        "domain",
        "facts",
        "models",
        "migrations",
        "failures",
        "files",
        "database",
        "schema",
        "access",
        "audit",
        "prescriptions",
        "annotations",
        "consents",
        "scatters",
        "rows",
        "keeping",
        "tasks",
        "assessments",
        "runners",
        "erasure",
        "archive",
        "dossier",
        "portable",
        "opening",
    ),
}
STORE = {f"store.{module}" for module in WITHIN["store"]}
MIGRATIONS = {
    f"store.migrations.versions.{name}" for name in ("r0001_first_tables", "r0002_tasks", "r0003_consents")
}
PAGES = (
    "batches", "by_eye", "club", "compare", "decision", "handout", "house", "main", "measure", "result",
    "review", "router", "runners", "server", "settings", "tabletop", "uploads", "waistband", "waiting",
    "words",
    "metronome.__init__",
    "player.component",
    "player.serve",
)  # fmt: skip
HOMES = {
    "mediapipe": {"pose.landmarker"},
    "av": {"video.decoder", "video.features", "video.jpegs", "video.writer"},
    "cv2": {
        "video.footage",
        "video.plumb",
        "pose.tape",
        "pose.waistband",
        "export.matched",
        "export.overlay",
    },
    "matplotlib": {
        "export.comparison",
        "export.figures",
        "export.marking",
        "export.overlay",
        "export.sheet",
        "validate.figures",
    },
    "streamlit": {f"ui.{page}" for page in PAGES},
    "pooch": {"pose.model"},
    "jinja2": {"batch.results", "export.comparison", "export.report", "export.takehome"},
    "sqlalchemy": STORE | MIGRATIONS,
    "cryptography": {"certificates"},
    "fitdecode": {"watch.fit"},
    "dask": {"batch.cluster"},
    "distributed": {"batch.cluster"},
    "segno": {"ui.phone"},
    "ezc3d": {"export.c3d"},
    "xarray": {"export.netcdf"},
    "alembic": {"store.schema", "store.migrations.env"} | MIGRATIONS,
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
        known = here == there and own in within and parts[2] in within
        if known and within.index(parts[2]) > within.index(own):
            wrong.append(f"{module} imports {imported}")
    assert not wrong, "\n".join(wrong)


def test_each_big_package_has_one_home() -> None:
    strays = [
        f"{module} imports {imported}"
        for module, imported in _imports()
        if (package := imported.split(".")[0]) in HOMES and module not in HOMES[package]
    ]
    assert not strays, "\n".join(strays)
