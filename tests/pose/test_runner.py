from pathlib import Path as FilePath

import numpy as np
import pytest

from gait.body import LEFT, RIGHT
from gait.errors import BadRequest, NoRunner, WhichRunner
from gait.pose.people import Sighting, Trail, nearest, quarters_to_upright
from gait.pose.posetrack import Person
from gait.pose.runner import IN_FRAME, Path, path_of, where_missed, who_runs, with_closer_looks
from gait.video.clip import Clip
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


def walking(shift: tuple[float, float], zoom: float) -> list[Person]:
    """The runner's legs without the heel that a runner lifts behind."""
    people = running(shift, zoom)
    for person in people:
        for leg in (LEFT, RIGHT):
            level = np.median([each.xy_px[leg.ankle, 1] for each in people])
            person.xy_px[leg.ankle, 1] = level + 0.2 * (person.xy_px[leg.ankle, 1] - level)
    return people


def scan(*people: list[Person]) -> list[Sighting]:
    return [Sighting(k * EVERY, list(seen)) for k, seen in enumerate(zip(*people, strict=True))]


def chosen(sightings: list[Sighting], wanted: int | None = None) -> Path:
    return followed(sightings, FRAMES, wanted)


def followed(sightings: list[Sighting], frame_count: int, wanted: int | None = None) -> Path:
    return path_of(who_runs(sightings, wanted), np.array([s.index for s in sightings]), frame_count)


def assert_follows(path: Path, runner: list[Person], others: list[Person]) -> None:
    for k, person in enumerate(runner):
        assert nearest([others[k], person], path.trunk(k * EVERY), IN_FRAME) is person


def cut_at_the_thighs(people: list[Person]) -> list[Person]:
    """The model makes up the legs below the picture, and lets them swing."""
    below = [point for leg in (LEFT, RIGHT) for point in (leg.knee, leg.ankle, leg.heel, leg.toe)]
    made_up = np.where(np.isin(np.arange(33), below), 0.1, 1.0)
    return [Person(person.xy_px, made_up) for person in people]


OTHERS = {
    "stands nearer, larger, with the legs below the picture": cut_at_the_thighs(running((900, 0), 1.5)),
    "stands nearer and larger": standing(shift=(900, 0), zoom=1.5),
    "walks nearer and larger": walking(shift=(900, 0), zoom=1.5),
    "runs farther away, or in a mirror": running(shift=(100, 100), zoom=0.6),
    "stands right behind": standing(shift=(60, 120), zoom=0.6),
}


@pytest.mark.parametrize("what", OTHERS)
@pytest.mark.parametrize("runner_first", [True, False])
def test_the_runner_is_chosen_whoever_else_is_there(what: str, runner_first: bool) -> None:
    runner, other = running(), OTHERS[what]
    path = chosen(scan(runner, other) if runner_first else scan(other, runner))
    assert_follows(path, runner, other)


def test_who_was_there_long_before_the_runner_is_not_taken_for_the_runner() -> None:
    still, runner = standing(shift=(900, 0), zoom=1.5), running()
    scanned = scan(still)[:60] + [
        Sighting(s.index + 60 * EVERY, s.people) for s in scan(standing((900, 0), 1.5)[:40], runner[:40])
    ]
    path = followed(scanned, 100 * EVERY)
    assert_follows(path, [runner[0]] * 60 + runner[:40], [still[0]] * 100)


def lying(shift: tuple[float, float], zoom: float) -> list[Person]:
    """The runner's poses, lying: legs are lifted and lowered."""
    people = running((0, 0), zoom)
    middle = np.mean([person.xy_px.mean(axis=0) for person in people], axis=0)
    return [Person((p.xy_px - middle)[:, ::-1] * (-1, 1) + middle + shift, p.visibility) for p in people]


@pytest.mark.parametrize("runner_first", [True, False])
def test_who_lies_and_lifts_the_legs_is_not_a_runner_however_large(runner_first: bool) -> None:
    runner, other = running(), lying((1500, 0), 1.5)
    path = chosen(scan(runner, other) if runner_first else scan(other, runner))
    assert_follows(path, runner, other)


def test_one_person_who_lies_before_a_cut_and_runs_after_it_is_not_two_who_run() -> None:
    both = [*lying((1500, 0), 1.0)[:50], *running()[:46]]
    assert_follows(followed(scan(both), FRAMES), [both[60]] * 96, [both[0]] * 96)


def test_two_who_run_side_by_side_are_asked_about_and_either_can_be_named() -> None:
    left, right = running(), running(shift=(700, 10), zoom=0.95)
    with pytest.raises(WhichRunner) as caught:
        chosen(scan(right, left))
    question = caught.value
    assert "(1 or 2)" in str(question)
    assert [box[0] for box in question.boxes_px] == sorted(box[0] for box in question.boxes_px)
    assert question.frame % EVERY == 0
    for wanted, runner, other in ((1, left, right), (2, right, left)):
        assert_follows(chosen(scan(right, left), wanted), runner, other)


@pytest.mark.parametrize("wanted", [0, 3, -1])
def test_a_person_who_is_not_there_is_refused(wanted: int) -> None:
    with pytest.raises(BadRequest, match="1 to 2 are seen"):
        chosen(scan(running(), running(shift=(700, 10))), wanted)


def test_one_body_that_the_model_sees_twice_is_one_person() -> None:
    assert chosen(scan(running(), running(shift=(4, 3)))).side_px > 0


def stretch(people: list[Person]) -> tuple[int, int]:
    path = followed(scan(people), EVERY * len(people))
    return path.first // EVERY, path.last // EVERY


@pytest.mark.parametrize(("before", "after"), [(0, 0), (60, 0), (0, 60), (40, 40)])
def test_who_stands_before_and_after_the_run_is_left_out(before: int, after: int) -> None:
    run, still = running(), standing(shift=(0, 0), zoom=1.0)
    first, last = stretch([*still[:before], *run, *still[:after]])
    edge = 6 + (before + len(run) + after) // 12
    assert abs(first - before) <= (edge if before else 0)
    assert abs(last - (before + len(run) - 1)) <= (edge if after else 1)


def test_the_square_holds_the_whole_runner_in_every_frame() -> None:
    path = chosen(scan(running()))
    for person, index in zip(running(), range(0, FRAMES, EVERY), strict=True):
        left, top, side = path.square(index)
        assert (person.xy_px >= (left, top)).all()
        assert (person.xy_px <= (left + side, top + side)).all()


def test_somebody_far_from_the_runner_is_never_taken_for_the_runner() -> None:
    path = chosen(scan(running()))
    assert nearest([running(shift=(2000, 0))[0]], path.trunk(0), IN_FRAME) is None


def test_nobody_in_the_picture_is_refused() -> None:
    with pytest.raises(NoRunner, match="No runner was found"):
        chosen([Sighting(k, []) for k in range(50)])


@pytest.mark.parametrize("lies", [0, 1, 2, 3])
def test_a_film_that_lies_is_seen_to_lie_and_is_turned_upright(lies: int) -> None:
    def turned(person: Person, quarters: int) -> Person:
        xy = person.xy_px
        for _ in range(quarters):
            xy = np.column_stack([-xy[:, 1], xy[:, 0]])
        return Person(xy, person.visibility)

    lying = [Sighting(k, [turned(person, lies)]) for k, person in enumerate(running())]
    assert quarters_to_upright(lying) == -lies % 4
    upright = [Sighting(s.index, [turned(s.people[0], -lies % 4)]) for s in lying]
    assert quarters_to_upright(upright) == 0
    clip = Clip(FilePath("a.mp4"), "0", (720, 1280), np.arange(2.0)).turned(lies)
    assert clip.size_px == ((720, 1280) if lies % 2 == 0 else (1280, 720))
    assert clip.turned(-lies).display == (1, 0, 0, 1)


def test_who_was_seen_in_few_pictures_is_found_in_the_others_by_looking_where_he_should_be() -> None:
    passing = [(9.0 * k + 60 * np.sin(k / 9), 0.0) for k in range(len(running()))]
    runner = [Person(p.xy_px + by, p.visibility) for p, by in zip(running(), passing, strict=True)]
    other = standing(shift=(300, 250), zoom=1.0)
    scanned = EVERY * np.arange(len(runner))
    few = [k for k in range(20, len(runner) - 20) if k % 7 < 2]
    trail = Trail(tuple(EVERY * k for k in few), tuple(runner[k] for k in few))

    def seen(squares: dict[int, tuple[int, int, int]]) -> dict[int, list[Person]]:
        return {
            index: [p for p in (other[index // EVERY], runner[index // EVERY]) if inside(p, square)]
            for index, square in squares.items()
        }

    for _ in range(4):
        trail = with_closer_looks(trail, scanned, seen(where_missed(trail, scanned)))
    assert len(trail) == len(runner)
    assert all(
        person is runner[index // EVERY] for index, person in zip(trail.indices, trail.people, strict=True)
    )
    assert not where_missed(trail, scanned)


def test_who_is_seen_where_the_runner_left_the_picture_long_ago_is_not_taken_for_him() -> None:
    runner, late = running()[:40], running()[40:]
    scanned = EVERY * np.arange(96)
    trail = Trail(tuple(EVERY * k for k in range(40)), tuple(runner))
    much_later = {EVERY * k: [late[k - 40]] for k in range(46, 96)}
    assert len(with_closer_looks(trail, scanned, much_later)) == 40


def inside(person: Person, square: tuple[int, int, int]) -> bool:
    left, top, side = square
    return bool((person.xy_px >= (left, top)).all() and (person.xy_px <= (left + side, top + side)).all())
