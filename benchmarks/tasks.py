"""Tasks for 20,000 episodes, derived as the service does and beside a naive version.

Naive: each standard is judged by itself, so that versions, episodes and the attribution of facts are worked out again
for every one of them, as a set of independent KPI queries would. Both give the same verdicts; that is checked first.
"""

from datetime import date

from _machine import machine, stopwatch
from _people import people

from openfls.clinical import caseload
from openfls.clinical.caseload import derive
from openfls.clinical.rulebook import STANDARDS
from openfls.clinical.standards import Standing, judge

EPISODES = 20_000
NAIVE_SHARE = 20  # the naive version runs on every twentieth person: it is only there to be compared
TODAY = date(2026, 6, 1)


def naive(facts: list[object]) -> list[Standing]:
    verdicts = []
    for standard in STANDARDS:
        for care in derive(facts, TODAY).episodes:  # type: ignore[arg-type]
            verdicts.append(judge(standard, care.history))
    return verdicts


def main() -> None:
    everyone = list(people(EPISODES))
    few = everyone[::NAIVE_SHARE]
    for facts in few[:50]:
        ours = sorted(s.standard + s.verdict for care in derive(facts, TODAY).episodes for s in care.standings)
        assert ours == sorted(s.standard + s.verdict for s in naive(facts))
    with stopwatch() as seconds:
        tasks = sum(len(care.tasks) for facts in everyone for care in derive(facts, TODAY).episodes)
    with stopwatch() as naive_seconds:
        for facts in few:
            naive(facts)
    ratio = naive_seconds() * NAIVE_SHARE / seconds()
    print(f"{machine()}; {len(caseload.STANDARDS)} standards")
    print(f"derived: {EPISODES} episodes with {tasks} tasks in {seconds():.1f} s, {EPISODES / seconds():.0f} a second")
    print(f"naive, a standard at a time: {EPISODES / (naive_seconds() * NAIVE_SHARE):.0f} a second")
    print(f"ratio: {ratio:.1f} times the naive version")


if __name__ == "__main__":
    main()
