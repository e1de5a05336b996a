"""What the fields of a request are called on the command line."""

OPTIONS = {
    "height_cm": "--height-cm 180",
    "speed_kmh": "--speed-kmh 10.8",
    "incline_pct": "--incline-pct 1",
    "filmed_on": "--filmed-on 2026-11-25",
    "watch": "--watch run.fit",
    "out": "--out DIR",
}
OF_A_CLIP = {
    "capture_fps": "--capture-fps",
    "person": "--person",
    "near": "--near",
    "tape": "--tape",
    "hips": "--hips",
    "hands": "--hands",
}
EXAMPLES = {"capture_fps": "FPS", "person": "N", "near": "left"}
"""What stands for the value: a number would be copied, and a wrong rate makes every time wrong."""


def said(text: str, field: str = "", clip: str = "") -> str:
    """Name the option that would mend it, after what is wrong.

    Examples
    --------
    >>> said("centimetres need a scale: give your height", "height_cm")
    'centimetres need a scale: give your height (--height-cm 180)'
    >>> said("Two people run in this clip.", "person", "a.mov")
    'Two people run in this clip (--person a.mov=N).'
    """
    option = OPTIONS.get(field, "")
    if field in OF_A_CLIP:
        value = EXAMPLES.get(field, "")
        of_clip = f"{clip}={value}".rstrip("=") if clip else value
        option = f"{OF_A_CLIP[field]} {of_clip}".rstrip()
    if not option:
        return text
    stop = "." if text.endswith(".") else ""
    return f"{text.removesuffix('.')} ({option}){stop}"
