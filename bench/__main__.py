"""`python -m bench [--scale N] [--data FOLDER] [--runs N]`: build or reuse a demo, measure, write build/figures.md."""

import argparse
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

PUBLIC = ["/", "/results/", "/en/results/", "/rules/", "/programme/"]


@dataclass(frozen=True)
class Row:
    """One measured figure: what, the figure with its unit, what the design asks, how it was measured."""

    what: str
    figure: str
    asked: str
    how: str


def main() -> int:
    """Measure everything and write the table."""
    parser = argparse.ArgumentParser("bench", description=__doc__)
    parser.add_argument("--scale", type=int, default=1, help="population of the demo; 70 is the full size")
    parser.add_argument("--data", type=Path, default=Path("build/bench"), help="data folder, kept between runs")
    parser.add_argument("--runs", type=int, default=5, help="repeated runs; medians are written")
    asked = parser.parse_args()
    os.environ["MICROCITIES_DATA"] = str(asked.data.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "microcities.settings"
    rows = [build_demo(asked.scale), *measure_engines(asked.runs), *measure_database(asked.runs)]
    with server() as port:
        rows += measure_pages(port, asked.runs)
    write_table(rows, asked.scale, asked.runs)
    return 0


def build_demo(scale: int) -> Row:
    """Time `microcities demo --no-serve` in a fresh process; a folder that is already built shows a second start."""
    fresh = not (Path(os.environ["MICROCITIES_DATA"]) / "postgres").exists()
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "microcities.cli", "demo", "--no-serve", "--scale", str(scale if fresh else 1)], check=True
    )
    seconds = time.perf_counter() - begun
    what = "demo built, from nothing" if fresh else "demo started again"
    return Row(what, f"{seconds:.1f} s", "under 90 s with installation", "one run, whole process")


def median_ms(work: Callable[[], object], runs: int, repeats: int = 5) -> float:
    """Median of `runs` medians, in milliseconds, after one warm-up."""
    work()
    medians = []
    for _ in range(runs):
        taken = []
        for _ in range(repeats):
            begun = time.perf_counter()
            work()
            taken.append(time.perf_counter() - begun)
        medians.append(statistics.median(taken))
    return statistics.median(medians) * 1000


def measure_engines(runs: int) -> list[Row]:
    """Algorithms, through the registry as pages call them."""
    from microcities.decisions.engine import get_engine, run_engine

    rows = []
    for name in ("results.forecast", "results.share_interval", "results.verification_sample", "results.disclosure_audit"):
        example: dict[str, Any] = get_engine(name).input_model.model_json_schema()["examples"][0]
        taken = median_ms(lambda name=name, example=example: run_engine(name, example), runs)  # type: ignore[misc]
        rows.append(Row(f"engine {name}", f"{taken:.2f} ms", "", "its own example, in process"))
    return rows


def measure_database(runs: int) -> list[Row]:
    """Evidence counts as results ask for them, in process."""
    from microcities.database.settings import prepare

    prepare()
    import django

    django.setup()
    from microcities.evidence.models import EvidenceRow, Tally
    from microcities.people.models import Person
    from microcities.programme.models import FundingSource, Programme
    from microcities.results.computing import compute_figures

    programme = Programme.objects.earliest("pk")
    own = FundingSource.objects.get(programme=programme).pk
    days = [programme.ends_on, date(2020, 1, 1), date(2019, 6, 30)]
    size = f"{Person.objects.count():,} people, {EvidenceRow.objects.count():,} evidence rows"

    def counts() -> None:
        for day in days:
            list(Tally.objects.counts(as_of=day, funding_id=own))

    def figures() -> None:
        for day in days:
            compute_figures(programme, as_of=day)

    return [
        Row("counts of all measures, one date", f"{median_ms(counts, runs) / 3:.1f} ms", "", f"three dates; {size}"),
        Row("all indicators with counts and forecasts, one date", f"{median_ms(figures, runs) / 3:.0f} ms",
            "under 200 ms", f"three dates; {size}"),
    ]


@contextmanager
def server() -> Iterator[int]:
    """The real server in a process of its own, on a free port of the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "MICROCITIES_PROCESS": "serve", "MICROCITIES_DEMO": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "microcities.cli", "serve", "--port", str(port)], env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int) -> None:
    """Until the server answers, at most a minute."""
    for _ in range(600):
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not start within a minute.")


def measure_pages(port: int, runs: int) -> list[Row]:
    """Pages one by one and under load, asked by a second process."""
    rows = []
    for path in PUBLIC:
        answers = [load(port, 1, 20, [path]) for _ in range(runs)]
        middle = statistics.median(statistics.median(answer["seconds"]) for answer in answers) * 1000
        rows.append(Row(f"page {path}", f"{middle:.0f} ms", "under 50 ms", f"1 client, median of {runs} times 20"))
    for clients in (1, 16):
        answers = [load(port, clients, 480, PUBLIC) for _ in range(runs)]
        p95 = statistics.median(statistics.quantiles(answer["seconds"], n=20)[-1] for answer in answers) * 1000
        rate = statistics.median(480 / answer["total"] for answer in answers)
        rows.append(Row(f"public pages, {clients} clients", f"p95 {p95:.0f} ms, {rate:.0f} a second",
                        "p95 under 50 ms at 16 clients, over 300 a second", f"480 requests, median of {runs}"))
    return rows


def load(port: int, clients: int, requests: int, paths: list[str]) -> dict[str, Any]:
    """One run of the load process; a failed answer ends the measurement."""
    command = [sys.executable, "-m", "bench.load", "127.0.0.1", str(port), str(clients), str(requests), "", *paths]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    if answer["failures"]:
        raise SystemExit(f"{answer['failures']} of {requests} answers were not 200: {paths}")
    return answer  # type: ignore[no-any-return]


def write_table(rows: list[Row], scale: int, runs: int) -> None:
    """Write build/figures.md and print it."""
    lines = [
        "# Measured figures", "",
        f"{date.today():%Y-%m-%d}, {os.cpu_count()} cores, {platform.python_implementation()} "
        f"{platform.python_version()}, demo at scale {scale}. Medians over {runs} runs; load by a second process on loopback.",
        "", "| what | measured | asked | how |", "| --- | --- | --- | --- |",
        *(f"| {row.what} | {row.figure} | {row.asked} | {row.how} |" for row in rows), "",
    ]
    target = Path("build/figures.md")
    target.parent.mkdir(exist_ok=True)
    target.write_text("\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    sys.exit(main())
