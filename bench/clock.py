"""Times work by the wall and by the processor: on a machine that others use too, only the second one tells the work itself."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Row:
    """One measured figure: what, by the wall, by the processor, what the design asks, how it was measured."""

    what: str
    figure: str
    cpu: str = ""
    asked: str = ""
    how: str = ""


@dataclass(frozen=True)
class Taken:
    """Seconds by the wall, and seconds of all processors in this process and the database together."""

    wall: float
    cpu: float


def cluster_cpu(data: Path) -> float:
    """Processor seconds of all processes of the database in this data folder, those that have ended included."""
    folder = (data / "postgres").resolve()
    return sum(seconds for _pid, seconds in _cpu_of_processes(lambda pid: Path(f"/proc/{pid}/cwd").resolve() == folder))


def tree_cpu(root: int) -> float:
    """Processor seconds of a process and of all that it started."""
    family = {root}
    return sum(seconds for pid, seconds in _cpu_of_processes(lambda pid: _belongs(pid, family)))


def _belongs(pid: int, family: set[int]) -> bool:
    parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    if pid in family or parent in family:
        family.add(pid)  # children have higher numbers than their parents, as good as always
    return pid in family


def _cpu_of_processes(wanted: Callable[[int], bool]) -> Iterator[tuple[int, float]]:
    for pid in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()):
        try:
            if wanted(pid):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                # Of its own, and of children that have ended and were waited for.
                yield pid, sum(map(int, fields[11:15])) / TICKS
        except OSError:
            continue  # it has ended, or is not ours


def timed(data: Path, work: Callable[[], object]) -> Taken:
    """Do it once."""
    cpu, begun, own = cluster_cpu(data), time.perf_counter(), time.process_time()
    work()
    wall, own = time.perf_counter() - begun, time.process_time() - own
    return Taken(wall, own + cluster_cpu(data) - cpu)


def repeated(data: Path, work: Callable[[], object], runs: int, repeats: int = 5) -> Taken:
    """For one time of the work: the median of `runs` medians by the wall, and the mean by the processor, after one warm-up."""
    work()
    medians = []
    cpu, own = cluster_cpu(data), time.process_time()
    for _ in range(runs):
        walls = []
        for _ in range(repeats):
            begun = time.perf_counter()
            work()
            walls.append(time.perf_counter() - begun)
        medians.append(statistics.median(walls))
    spent = time.process_time() - own + cluster_cpu(data) - cpu
    return Taken(statistics.median(medians), spent / (runs * repeats))


def seconds(value: float) -> str:
    """Seconds as people read them: 31 s, 4.2 s, 180 ms, 0.36 ms."""
    if value >= 10:
        return f"{value:.0f} s"
    if value >= 1:
        return f"{value:.1f} s"
    return f"{value * 1000:.0f} ms" if value >= 0.01 else f"{value * 1000:.2f} ms"
