"""The command line as people meet it: help, wrong words, exit codes, and what is said when something is missing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from microcities.cli import COMMANDS, main
from microcities.database.vigil import PARENT

MICROCITIES = [sys.executable, "-m", "microcities.cli"]
NOWHERE = "postgres://nobody@127.0.0.1:1/x"


def run(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own with no setting but those given."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("MICROCITIES_", "DATABASE_URL"))}
    return subprocess.run(
        [*MICROCITIES, *words], env={**ours, **environ}, capture_output=True, text=True, timeout=120, check=False
    )


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, output and complaints of a command that does not get as far as the database."""
    before = dict(os.environ)  # a command says in there what kind of process it is
    try:
        code = main(list(words))
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        os.environ.clear()
        os.environ.update(before)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize("name", COMMANDS)
def test_help_names_the_command_as_people_type_it(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = asked(capsys, *name.split(), "--help")
    assert (code, out.startswith(f"usage: microcities {name} [-h]")) == (0, True)
    assert "Django" not in out
    assert "--settings" not in out


def test_help_before_the_command_is_help_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(capsys, "help", "backup") == asked(capsys, "backup", "--help")
    assert asked(capsys, "help")[1] == asked(capsys, "--help")[1]


def test_help_leaves_nothing_behind(tmp_path: Path) -> None:
    done = subprocess.run(
        [*MICROCITIES, "serve", "--help"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert "Runs the web server" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("serv", "there is no command 'serv'. Did you mean 'serve'?"),
        ("frobnicate", "there is no command 'frobnicate'. `microcities --help` lists them."),
        ("check trial", "nothing called 'trial' can be checked"),
        ("backup", "the following arguments are required: file"),
        ("backup a b", "unrecognized arguments: b"),
        ("serve --port 99999", "'99999' is not a whole number from 1 to 65535"),
        ("serve --workers 0", "'0' is not a whole number from 1 to 64"),
        ("demo --scale 0", "'0' is not a whole number from 1 to 70"),
        ("export person x", "invalid UUID value: 'x'"),
        ("export", "required: kind"),
        ("import", "required: kind, file, --activity, --as"),
        ("erase", "required: --reason"),
        ("engine", "required: verb"),
    ],
)
def test_wrong_words_end_with_two_and_say_what_is_wrong(
    words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = asked(capsys, *words.split())
    assert (code, out) == (2, "")
    assert said in err


def test_no_words_show_the_list_and_end_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = asked(capsys)
    assert (code, out) == (2, "")
    assert "backup FILE" in err


@pytest.mark.parametrize(
    ("words", "environ", "said"),
    [
        ("check", {"MICROCITIES_SMTP_PORT": "x"}, "MICROCITIES_SMTP_PORT is 'x'."),
        ("check", {"MICROCITIES_DATA": "/proc/none"}, "The data folder /proc/none cannot be used"),
        ("check", {"MICROCITIES_SECRET_KEY_FILE": "/nowhere/key"}, "The secret /nowhere/key cannot be read"),
        ("check", {"MICROCITIES_IDENTITY_PROVIDERS": "/nowhere/list.toml"}, "/nowhere/list.toml"),
        ("check", {"DATABASE_URL": "mysql://x"}, "DATABASE_URL cannot be read."),
        ("check trail", {"DATABASE_URL": NOWHERE}, "The database cannot be reached."),
        ("backup x.tar", {"DATABASE_URL": NOWHERE}, "The database could not be read."),
        ("worker", {"DATABASE_URL": NOWHERE}, "cannot be reached"),
        ("migrate", {"DATABASE_URL": NOWHERE + "?nonsense=1"}, "DATABASE_URL cannot be used: invalid connection option"),
    ],
)
def test_what_is_missing_is_said_without_a_traceback(
    words: str, environ: dict[str, str], said: str, tmp_path: Path
) -> None:
    done = run(*words.split(), **{"MICROCITIES_DATA": str(tmp_path / "data"), **environ})
    assert done.returncode == 1
    assert done.stderr.startswith(f"microcities {words.removesuffix(' x.tar')}: ")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_reader_who_has_enough_ends_a_command_quietly(tmp_path: Path) -> None:
    quoted = " ".join(f"'{word}'" for word in MICROCITIES)
    script = f"{quoted} init --example results | head -n 1; echo ${{PIPESTATUS[0]}}"
    environ = {**os.environ, "MICROCITIES_DATA": str(tmp_path / "data"), "DATABASE_URL": NOWHERE, "PYTHONUNBUFFERED": "1"}
    done = subprocess.run(["bash", "-c", script], env=environ, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.splitlines()[-1] in {"0", "141"}
    assert done.stderr == ""


def test_database_that_is_not_up_to_date_is_neither_served_nor_worked_on(tmp_path: Path) -> None:
    environ = {"MICROCITIES_DATA": str(tmp_path)}
    for words in (("serve", "--port", "8199"), ("worker", "--once")):
        done = run(*words, **environ)
        assert (done.returncode, done.stdout) == (1, "")
        assert "run `microcities migrate`" in done.stderr
    done = run("backup", str(tmp_path / "x.tar"), **environ)
    assert (done.returncode, "is empty" in done.stderr) == (1, True)


def test_command_ends_with_its_parent(tmp_path: Path) -> None:
    """A killed `microcities demo` leaves no server behind that would hold its port."""
    code = (
        "import os, subprocess, sys; child = subprocess.Popen(sys.argv[1:], env={**os.environ, "
        f"{PARENT!r}: str(os.getpid())}}); print(child.pid, flush=True); sys.stdin.read()"
    )
    environ = {**os.environ, "MICROCITIES_DATA": str(tmp_path), "DATABASE_URL": NOWHERE}
    waits = [sys.executable, "-c", f"from microcities.database import vigil; import os, time; "
             f"vigil.end_with(int(os.environ[{PARENT!r}]), every=0.05); time.sleep(60)"]  # fmt: skip
    parent = subprocess.Popen(
        [sys.executable, "-c", code, *waits], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    time.sleep(0.5)
    os.kill(child, 0)
    parent.kill()
    parent.wait()
    for _ in range(400):
        if not Path(f"/proc/{child}").exists() or "zombie" in Path(f"/proc/{child}/status").read_text():
            break
        time.sleep(0.05)
    else:
        os.kill(child, signal.SIGKILL)
        pytest.fail("the child outlived its parent")
