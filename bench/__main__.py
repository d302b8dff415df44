"""`python -m bench [--scale N] [--data FOLDER] [--runs N] [--only PART ...]`: measure, print, write build/figures.md."""

import argparse
import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path

from bench.clock import Row, seconds, timed

PARTS = ("engines", "counts", "search", "files", "lists", "checks", "events", "pages")


def main() -> int:
    """Measure everything that is asked for and write the table."""
    parser = argparse.ArgumentParser("bench", description=__doc__)
    parser.add_argument("--scale", type=int, default=1, help="population of the demo; 70 is the full size")
    parser.add_argument("--data", type=Path, default=Path("build/bench"), help="data folder, kept between runs")
    parser.add_argument("--runs", type=int, default=5, help="repeated runs; medians are written")
    parser.add_argument("--rows", type=int, default=50_000, help="rows of the lists that are imported")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes of the web server")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to measure")
    asked = parser.parse_args()
    data = asked.data.resolve()
    os.environ["MICROCITIES_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "microcities.settings"
    before = os.getloadavg()[0]
    rows = [build_demo(data, asked.scale), *measure(asked, data)]
    write_table(rows, asked, f"{before:.1f} at the beginning, {os.getloadavg()[0]:.1f} at the end")
    return 0


def build_demo(data: Path, scale: int) -> Row:
    """Time `microcities demo --no-serve` in a fresh process; a folder that is already built shows a second start."""
    fresh = not (data / "postgres").exists()
    command = [sys.executable, "-m", "microcities.cli", "demo", "--no-serve", "--scale", str(scale)]
    taken = timed(data, lambda: subprocess.run(command, check=True))
    what = f"demo built at scale {scale}, from nothing" if fresh else "demo started again"
    asked = "minutes at scale 70" if fresh and scale > 1 else ""
    return Row(what, seconds(taken.wall), "", asked, "one run, whole process, server started and stopped")


def measure(asked: argparse.Namespace, data: Path) -> list[Row]:
    """The parts asked for. The database runs until the end, so that none of them pays for its start."""
    # Late, because Django reads the data folder from the environment.
    from microcities.database.settings import prepare

    prepare()
    import django

    django.setup()
    from bench import events, pages, records

    measures = {
        "engines": records.engines, "counts": records.counts, "search": records.search, "files": records.files,
        "lists": records.lists, "checks": records.checks, "events": events.events,
        "pages": pages.pages,
    }
    rows = []
    for part in PARTS:
        if part in asked.only:
            print(f"{part} ...", file=sys.stderr, flush=True)
            for row in measures[part](asked, data):
                print(f"  {row.what}: {row.figure} {row.cpu}", file=sys.stderr, flush=True)
                rows.append(row)
    return rows


def write_table(rows: list[Row], asked: argparse.Namespace, load: str) -> None:
    """Write build/figures.md and print it."""
    lines = [
        "# Measured figures", "",
        f"{date.today():%Y-%m-%d}, {os.cpu_count()} cores, {platform.python_implementation()} "
        f"{platform.python_version()}, demo at scale {asked.scale}. Medians over {asked.runs} runs; load by a second "
        f"process on loopback. Processor time is that of server and database together. Machine's load: {load}.",
        "", "| what | measured | processor | asked | how |", "| --- | --- | --- | --- | --- |",
        *(f"| {row.what} | {row.figure} | {row.cpu} | {row.asked} | {row.how} |" for row in rows), "",
    ]
    target = Path("build/figures.md")
    target.parent.mkdir(exist_ok=True)
    target.write_text("\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    sys.exit(main())
