"""Pages of a real server in a process of its own, asked for by a third process over loopback."""

import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.clock import Row, cluster_cpu, seconds, tree_cpu
from microcities.demo.foundations import PASSWORD
from microcities.participation.models import Participation
from microcities.programme.models import Programme

CLIENTS = 16
READS = 1.0  # seconds that somebody signed in looks at a page before asking for the next: a quick reader
PUBLIC = ("/", "/en/", "/results/", "/en/results/", "/programme/", "/activities/", "/open-data/", "/rules/")
SIGNED_IN = (
    "/work/", "/results/", "/results/?as_of=2019-12-31", "/results/cities/", "/results/changes/",
    "/results/career-support/", "/results/career-support/?as_of=2020-06-30", "/results/career-support/records/",
    "/results/reports/", "/persons/", "/persons/?name=berzins", "/activities/", "/lists/", "/search/?q=kalnina",
    "/decisions/", "/notices/",
)
ROLES = (("programme manager", "vaditaja@demo.example"), ("partner", "valmiera@demo.example"))


@dataclass(frozen=True)
class Server:
    """A running server: its port, its process, the data folder."""

    port: int
    pid: int
    data: Path

    def cpu(self) -> float:
        """Processor seconds so far, of server and database."""
        return tree_cpu(self.pid) + cluster_cpu(self.data)


def pages(asked: argparse.Namespace, data: Path) -> Iterator[Row]:
    """Public pages together and each by itself, asked for at once by 16 clients; pages of two roles by 16 quick readers."""
    with server(asked.workers, data) as found:
        yield together(found, "public pages", PUBLIC, "", asked.runs)
        for path in PUBLIC:
            yield alone(found, "public", path, "", asked.runs)
        for role, email in ROLES:
            cookie = sign_in(found.port, email)
            paths = [path for path in (*SIGNED_IN, *own_pages(role)) if ask(found.port, path, cookie) == 200]
            yield from reading(found, role, tuple(paths), cookie, asked.runs)


def own_pages(role: str) -> list[str]:
    """Pages of one thing: an activity with many participants, one of its records, a person."""
    programme = Programme.objects.earliest("pk")
    record = Participation.objects.filter(activity__programme=programme, person__isnull=False).latest("pk")
    if role == "partner":
        record = Participation.objects.filter(activity__code="valmiera-summer-2019", person__isnull=False).earliest("pk")
    return [
        f"/activities/{record.activity.code}/", f"/participations/{record.pk}/",
        f"/persons/{record.person.public_id}/" if record.person else "/",
    ]


@contextmanager
def server(workers: int, data: Path) -> Iterator[Server]:
    """The real server, on a free port of the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "MICROCITIES_PROCESS": "serve", "MICROCITIES_DEMO": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "microcities.cli", "serve", "--port", str(port), "--workers", str(workers)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield Server(port, process.pid, data)
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int) -> None:
    """Until the server answers, at most two minutes."""
    for _ in range(1200):
        try:
            if ask(port, "/", "") == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not start within two minutes.")


def ask(port: int, path: str, cookie: str) -> int:
    """The status of one page."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    status = connection.getresponse().status
    connection.close()
    return status


def sign_in(port: int, email: str) -> str:
    """Sign in by the form as people do; the cookies of the session."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/en/accounts/login/")
    answer = connection.getresponse()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
    cookies = _cookies(answer)
    body = urlencode({"csrfmiddlewaretoken": token[1] if token else "", "login": email, "password": PASSWORD})
    connection.request("POST", "/en/accounts/login/", body, {
        "Content-Type": "application/x-www-form-urlencoded", "Cookie": _header(cookies),
        "Referer": f"http://127.0.0.1:{port}/en/accounts/login/",
    })
    answer = connection.getresponse()
    answer.read()
    cookies |= _cookies(answer)
    connection.close()
    if answer.status != 302:
        raise SystemExit(f"{email} could not sign in: {answer.status}")
    return _header(cookies)


def _cookies(answer: Any) -> dict[str, str]:
    pairs = (line.split(";")[0].partition("=") for line in answer.headers.get_all("Set-Cookie") or ())
    return {name: value for name, _, value in pairs}


def _header(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def together(found: Server, what: str, paths: tuple[str, ...], cookie: str, runs: int) -> Row:
    """Several pages in turn by all clients."""
    answers, cpu = under_load(found, paths, cookie, CLIENTS * 5 * len(paths), runs)
    rate = statistics.median(len(answer["seconds"]) / answer["total"] for answer in answers)
    return Row(f"{what}, {CLIENTS} clients", f"p95 {seconds(p95(answers))}, {rate:.0f} a second", f"{seconds(cpu)} a page",
               "p95 under 50 ms, over 300 a second", ", ".join(paths))


def alone(found: Server, who: str, path: str, cookie: str, runs: int) -> Row:
    """One page by all clients."""
    answers, cpu = under_load(found, (path,), cookie, CLIENTS * 10, runs)
    middle = statistics.median(statistics.median(answer["seconds"]) for answer in answers)
    return Row(f"{who}: {path}", f"p95 {seconds(p95(answers))}, half under {seconds(middle)}", f"{seconds(cpu)} a page",
               "p95 under 50 ms", f"{CLIENTS} clients")


def reading(found: Server, who: str, paths: tuple[str, ...], cookie: str, runs: int) -> Iterator[Row]:
    """All pages of a role in turn by 16 people who read a second each; one row for all, one for each page."""
    answers, cpu = under_load(found, paths, cookie, CLIENTS * len(paths), runs, pause=READS)
    how = f"{CLIENTS} readers, a page a second each"
    yield Row(f"{who}: all pages", f"p95 {seconds(p95(answers))}", f"{seconds(cpu)} a page", "p95 under 50 ms", how)
    for path in paths:
        times = [second for answer in answers for second in answer["by_path"][path]]
        half, most = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        yield Row(f"{who}: {path}", f"p95 {seconds(most)}, half under {seconds(half)}", "", "p95 under 50 ms", how)


def p95(answers: list[dict[str, Any]]) -> float:
    """The median over runs of the 95th percentile, in seconds."""
    return statistics.median(statistics.quantiles(answer["seconds"], n=20)[-1] for answer in answers)


def under_load(
    found: Server, paths: tuple[str, ...], cookie: str, requests: int, runs: int, pause: float = 0
) -> tuple[list[dict[str, Any]], float]:
    """`runs` answers of the load process after a warm-up, and processor seconds for one page."""
    load(found.port, paths, cookie, CLIENTS * len(paths))
    before = found.cpu()
    answers = [load(found.port, paths, cookie, requests, pause) for _ in range(runs)]
    return answers, (found.cpu() - before) / (requests * runs)


def load(port: int, paths: tuple[str, ...], cookie: str, requests: int, pause: float = 0) -> dict[str, Any]:
    """One run of the load process; a failed answer ends the measurement."""
    command = [sys.executable, "-m", "bench.load", "127.0.0.1", str(port), str(CLIENTS), str(requests), str(pause), cookie,
               *paths]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    if answer["failures"]:
        raise SystemExit(f"{answer['failures']} of {requests} answers were not 200: {paths}")
    return answer  # type: ignore[no-any-return]
