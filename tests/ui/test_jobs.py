"""What a tab keeps of work that has ended."""

from pathlib import Path

import pytest

from gait.analysis import Progress
from gait.ui.jobs import MOST_A_SESSION, Job, Jobs


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    return Jobs(tmp_path)


def ended(jobs: Jobs) -> Job[str]:
    def work(progress: Progress) -> str:
        return "done"

    job = jobs.begin(work, "me")
    assert job.ended.wait(30)
    return job


def test_a_tab_that_stays_open_keeps_what_it_looked_at_last_and_lets_go_of_the_rest(jobs: Jobs) -> None:
    every = [ended(jobs) for _ in range(MOST_A_SESSION + 2)]
    for job in every:
        assert jobs.find(job.ticket, "me", "tab") is job
    assert [jobs.find(job.ticket, "me") for job in every[:2]] == [None, None]
    assert not any(job.folder.exists() for job in every[:2])
    assert [jobs.find(job.ticket, "me") for job in every[2:]] == every[2:]


def test_what_another_tab_looks_at_stays(jobs: Jobs) -> None:
    first = ended(jobs)
    jobs.find(first.ticket, "me", "other tab")
    for job in (first, *(ended(jobs) for _ in range(MOST_A_SESSION))):
        jobs.find(job.ticket, "me", "tab")
    assert jobs.find(first.ticket, "me") is first
    assert first.folder.exists()


def test_what_is_gone_back_to_counts_as_looked_at_last(jobs: Jobs) -> None:
    first, *others = [ended(jobs) for _ in range(MOST_A_SESSION + 1)]
    for job in (first, *others[:-1], first, others[-1]):
        jobs.find(job.ticket, "me", "tab")
    assert jobs.find(first.ticket, "me") is first
    assert jobs.find(others[0].ticket, "me") is None
