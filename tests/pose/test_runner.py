import numpy as np
import pytest

from gait.errors import NoRunner
from gait.pose.posetrack import Person
from gait.pose.runner import Sighting, find_runner, nearest
from tests.truth import perfect_track

FRAMES = 768
EVERY = 8


def running(shift: tuple[float, float] = (0, 0), zoom: float = 1.0) -> list[Person]:
    xy = np.nan_to_num(perfect_track("runner_a_side_120").xy_px[::EVERY], nan=300.0)
    return [Person(points * zoom + shift, np.ones(33)) for points in xy]


def standing(shift: tuple[float, float], zoom: float) -> list[Person]:
    pose = running(shift, zoom)[0]
    rng = np.random.default_rng(1)
    return [
        Person(pose.xy_px + rng.normal(0, 2, pose.xy_px.shape), pose.visibility)
        for _ in range(0, FRAMES, EVERY)
    ]


def scan(*people: list[Person]) -> list[Sighting]:
    return [Sighting(k * EVERY, list(seen)) for k, seen in enumerate(zip(*people, strict=True))]


def test_the_runner_is_chosen_not_a_larger_and_nearer_bystander() -> None:
    runner, bystander = running(), standing(shift=(900, 0), zoom=1.5)
    for order in ((runner, bystander), (bystander, runner)):
        path = find_runner(scan(*order), FRAMES)
        assert not path.alone
        for person, index in zip(runner, range(0, FRAMES, EVERY), strict=True):
            assert nearest([bystander[0], person], path.trunk(index)) is person


def stretch(people: list[Person]) -> tuple[int, int]:
    path = find_runner(scan(people), EVERY * len(people))
    return path.first // EVERY, path.last // EVERY


@pytest.mark.parametrize(("before", "after"), [(0, 0), (60, 0), (0, 60), (40, 40)])
def test_who_stands_before_and_after_the_run_is_left_out(before: int, after: int) -> None:
    run, still = running(), standing(shift=(0, 0), zoom=1.0)
    first, last = stretch([*still[:before], *run, *still[:after]])
    edge = 6 + (before + len(run) + after) // 12
    assert abs(first - before) <= (edge if before else 0)
    assert abs(last - (before + len(run) - 1)) <= (edge if after else 1)


def test_the_square_holds_the_whole_runner_in_every_frame() -> None:
    path = find_runner(scan(running()), FRAMES)
    for person, index in zip(running(), range(0, FRAMES, EVERY), strict=True):
        left, top, side = path.square(index)
        assert (person.xy_px >= (left, top)).all()
        assert (person.xy_px <= (left + side, top + side)).all()


def test_somebody_far_from_the_runner_is_never_taken_for_the_runner() -> None:
    path = find_runner(scan(running()), FRAMES)
    assert nearest([running(shift=(2000, 0))[0]], path.trunk(0)) is None


def test_nobody_in_the_picture_is_refused() -> None:
    with pytest.raises(NoRunner, match="No runner was found"):
        find_runner([Sighting(k, []) for k in range(50)], 50)
