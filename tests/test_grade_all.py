"""Marking a folder: in parallel, each submission once, whatever happens in between."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import attacks
import pytest
import submissions

from hpcourse import grading
from hpcourse.grading import grade_all
from hpcourse.grading.command import main
from hpcourse.grading.exercise import release
from hpcourse.grading.grade_all import mark_all
from hpcourse.grading.sandbox import Broken, best_protection

NAME = "schedules"
EXERCISE = grading.load(NAME)
MOST = grading.load(NAME).max_points
PART = next(iter(grading.load(NAME).parts))


@pytest.fixture
def place(tmp_path):
    """A folder with right, wrong, untouched and damaged submissions."""
    folder = tmp_path / "submissions"
    (folder / "ada").mkdir(parents=True)
    (folder / ".ipynb_checkpoints").mkdir()
    answers = submissions.solutions(NAME)
    submissions.write(folder / "ada" / "schedules.ipynb", NAME, answers)
    submissions.write(folder / "=1+1.ipynb", NAME, answers | {PART: "def oops(:"})
    submissions.write(folder / ".ipynb_checkpoints" / "old.ipynb", NAME, answers)
    (folder / "untouched.ipynb").write_bytes(release(NAME).read_bytes())
    (folder / "cut.ipynb").write_bytes(release(NAME).read_bytes()[:1000])
    (folder / "link.ipynb").symlink_to(folder / "ada" / "schedules.ipynb")
    return folder


def rows(table):
    with table.open(encoding="utf-8", newline="") as file:
        return {row["submission"]: row for row in csv.DictReader(file)}


def test_marks_pages_and_errors(place, tmp_path, capsys):
    table = tmp_path / "marks.csv"
    arguments = ["grade-all", NAME, str(place), "--csv", str(table), "--jobs", "2"]
    arguments += ["--protection", best_protection()]
    assert main(arguments) == 0
    found = rows(table)
    lost = grading.load(NAME).parts[PART].max_points
    assert {name: int(row["points"]) for name, row in found.items()} == {
        "./=1+1.ipynb": MOST - lost,
        "ada/schedules.ipynb": MOST,
        "cut.ipynb": 0,
        "link.ipynb": 0,
        "untouched.ipynb": 0,
    }
    assert all(int(row["max_points"]) == MOST for row in found.values())
    assert found["./=1+1.ipynb"][PART] == "0"
    assert "cut off" in found["cut.ipynb"]["error"]
    assert found["link.ipynb"]["error"].startswith("no regular file")
    assert not found["untouched.ipynb"]["error"]
    pages = tmp_path / "marks_feedback"
    assert f"{MOST} of {MOST} points" in (pages / "ada" / "schedules.html").read_text()
    assert "could not be marked" in (pages / "cut.html").read_text()
    assert "SyntaxError" in (pages / "=1+1.html").read_text()
    printed = capsys.readouterr()
    assert "3 marked, 2 not markable" in printed.out
    assert "cut.ipynb: no notebook" in printed.err


def test_what_is_marked_is_not_marked_again(place, tmp_path, monkeypatch):
    marked = []

    def mark(exercise, path, **settings):
        marked.append(path.name)
        return grade_all.Marks(NAME, str(path), MOST, points=3)

    monkeypatch.setattr(grade_all, "mark", mark)
    table = tmp_path / "marks.csv"
    mark_all(EXERCISE, place, table, show_progress_bar=False)
    assert len(marked) == 5
    before = table.read_bytes()
    mark_all(EXERCISE, place, table, show_progress_bar=False)
    assert len(marked) == 5
    assert table.read_bytes() == before

    (place / "untouched.ipynb").write_text("changed")
    submissions.write(place / "new.ipynb", NAME)
    (place / "cut.ipynb").unlink()
    mark_all(EXERCISE, place, table, show_progress_bar=False)
    assert sorted(marked[5:]) == ["new.ipynb", "untouched.ipynb"]
    assert "cut.ipynb" not in rows(table)

    monkeypatch.setattr(grade_all, "version", lambda exercise, salt: "another")
    mark_all(EXERCISE, place, table, show_progress_bar=False)
    assert len(marked) == 12


def test_a_failure_of_ours_stops_nothing(place, tmp_path, monkeypatch):
    def mark(exercise, path, **settings):
        if path.name == "untouched.ipynb":
            raise RecursionError("deep")
        return grade_all.Marks(NAME, str(path), MOST, points=1)

    monkeypatch.setattr(grade_all, "mark", mark)
    found = mark_all(EXERCISE, place, tmp_path / "marks.csv", show_progress_bar=False)
    assert len(found) == 5
    (broken,) = (row for row in found if row["error"])
    assert broken["submission"] == "untouched.ipynb"
    assert "internal error" in broken["error"]


def test_a_row_that_was_cut_off_is_marked_again(place, tmp_path, monkeypatch):
    marks = lambda exercise, path, **settings: grade_all.Marks(NAME, str(path), MOST, points=3)  # noqa: E731
    monkeypatch.setattr(grade_all, "mark", marks)
    table = tmp_path / "marks.csv"
    mark_all(EXERCISE, place, table, show_progress_bar=False)
    whole = table.read_bytes()
    for cut in range(len(whole)):
        table.write_bytes(whole[:cut])
        mark_all(EXERCISE, place, table, show_progress_bar=False)
        assert table.read_bytes() == whole


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_strange_names_are_kept_apart(tmp_path, monkeypatch):
    marks = lambda exercise, path, **settings: grade_all.Marks(NAME, str(path), MOST)  # noqa: E731
    monkeypatch.setattr(grade_all, "mark", marks)
    place, table = tmp_path / "submissions", tmp_path / "marks.csv"
    place.mkdir()
    names = [b"\xff", b"\xfe", b"a\nb", b"a\\x0ab", b"@x", b'q",q', b"x" * 249, "ü".encode()]
    for name in names:
        Path(os.fsdecode(os.fsencode(place) + b"/" + name + b".ipynb")).touch()
    found = mark_all(EXERCISE, place, table, show_progress_bar=False)
    assert len(found) == len({row["submission"] for row in found}) == len(names)
    assert all(row["submission"].isprintable() for row in found)
    assert mark_all(EXERCISE, place, table, show_progress_bar=False) == found
    assert ["could not be written" in row["error"] for row in found].count(True) == 1


def test_errors_before_any_work(place, tmp_path):
    table = tmp_path / "marks.csv"
    with pytest.raises(ValueError, match="there is no folder"):
        mark_all(EXERCISE, tmp_path / "no", table)
    with pytest.raises(ValueError, match="there is no folder"):
        mark_all(EXERCISE, place, tmp_path / "no" / "marks.csv")
    with pytest.raises(ValueError, match="jobs is a whole number from 1 or None, got 0"):
        mark_all(EXERCISE, place, table, jobs=0)
    table.write_text("name,grade\nada,1\n")
    with pytest.raises(ValueError, match="no table of marks of 'schedules'"):
        mark_all(EXERCISE, place, table)
    assert table.read_text() == "name,grade\nada,1\n"


def test_two_at_once_are_refused(place, tmp_path):
    table = tmp_path / "marks.csv"
    with grade_all.FileLock(f"{table}.lock"), pytest.raises(RuntimeError, match="another process"):
        mark_all(EXERCISE, place, table)


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A folder of 16 submissions, and the table of their marks by a run that nothing stopped."""
    place = tmp_path_factory.mktemp("many") / "submissions"
    place.mkdir()
    answers = submissions.solutions(NAME)
    parts = list(answers)
    for number in range(16):
        some = {part: answers[part] for part in parts[: number % len(parts)]}
        submissions.write(place / f"{number}.ipynb", NAME, some)
    table = place.parent / "marks.csv"
    mark_all(EXERCISE, place, table, show_progress_bar=False)
    return place, table.read_bytes()


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_interrupted_at_any_moment_none_is_lost_or_marked_twice(how, many, tmp_path):
    """Stopped after 1, 3 and 5 rows, somewhere in the next ones, and started again.

    So many are left then that the process is not through before the signal reaches it.
    """
    place, expected = many
    table = tmp_path / "marks.csv"
    command = ["env", "--default-signal=INT"]  # also where a shell ignores it
    command += [sys.executable, "-m", "hpcourse.grading", "grade-all", NAME, str(place)]
    command += ["--csv", str(table), "--jobs", "2"]
    for wanted in (1, 3, 5):
        kept = rows(table) if table.exists() else {}
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        while process.poll() is None and (not table.exists() or len(rows(table)) < wanted):
            time.sleep(0.005)
        started = submissions.descendants(process.pid)
        process.send_signal(how)
        assert process.wait() in (-how, 130)
        now = rows(table)
        assert all(now[name] == row for name, row in kept.items())
        while any(map(alive, started)):  # the sandboxes end with it, or this test never does
            time.sleep(0.05)
    assert len(rows(table)) < 16
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    with table.open(encoding="utf-8", newline="") as file:
        names = [row["submission"] for row in csv.DictReader(file)]
    assert names == sorted(f"{number}.ipynb" for number in range(16))
    assert table.read_bytes() == expected


HOSTILE = ["os._exit in the function", "endless loop in the function", "closed pipes"]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_class_with_hostile_ones_interrupted_and_resumed(tmp_path):
    """Seventeen honest rows are right, three hostile ones earn nothing by it, none is lost."""
    place, table = tmp_path / "submissions", tmp_path / "marks.csv"
    place.mkdir()
    answers = submissions.solutions(NAME)
    parts = list(answers)
    expected = {}
    for number in range(17):
        some = parts[: number % (len(parts) + 1)]
        submissions.write(
            place / f"{number:02}.ipynb", NAME, {part: answers[part] for part in some}
        )
        expected[f"{number:02}.ipynb"] = sum(EXERCISE.parts[part].max_points for part in some)
    for name in HOSTILE:
        attacks.attacking(place / f"{name}.ipynb", attacks.ATTACKS[name])
        expected[f"{name}.ipynb"] = attacks.POINTS
    command = [sys.executable, "-P", "-m", "hpcourse.grading", "grade-all", NAME, str(place)]
    command += ["--csv", str(table), "--jobs", "2", "--protection", best_protection()]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    while process.poll() is None and (not table.exists() or len(rows(table)) < 4):
        time.sleep(0.005)
    process.kill()
    process.wait()
    kept = rows(table)
    assert 4 <= len(kept) < 20
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    found = rows(table)
    assert {name: int(row["points"]) for name, row in found.items()} == expected
    assert all(found[name] == row for name, row in kept.items())
    assert not any(row["error"] for row in found.values())


# What learning platforms and learners make of names and files


@pytest.fixture
def answered(tmp_path):
    """The bytes of a right submission."""
    return submissions.write(tmp_path / "right", NAME, submissions.solutions(NAME)).read_bytes()


def test_what_can_be_read_is_marked_and_the_rest_named(answered, tmp_path, capsys):
    place, table = tmp_path / "submissions", tmp_path / "marks.csv"
    place.mkdir()
    for name in ("DAN.IPYNB", "bob.ipynb.json", "eve.ipynb.txt", "fay.Ipynb"):
        (place / name).write_bytes(answered)
    with zipfile.ZipFile(place / "platform.zip", "w") as packed:
        for name in ("gil_123_assignsubmission_file/schedules.ipynb", "HAL.IPYNB", "notes.txt"):
            packed.writestr(name, answered)
        packed.writestr("../../out.ipynb", answered)
        packed.writestr("__MACOSX/._gil.ipynb", b"x")
    (place / "broken.zip").write_bytes(b"PK no zip")
    (place / "essay.docx").write_bytes(b"x")
    found = mark_all(EXERCISE, place, table, show_progress_bar=False)
    assert {row["submission"]: int(row["points"]) for row in found} == {
        "DAN.IPYNB": MOST,
        "bob.ipynb.json": MOST,
        "eve.ipynb.txt": MOST,
        "fay.Ipynb": MOST,
        "platform.zip/../../out.ipynb": MOST,
        "platform.zip/HAL.IPYNB": MOST,
        "platform.zip/gil_123_assignsubmission_file/schedules.ipynb": MOST,
    }
    said = capsys.readouterr().err
    assert "left out, no notebook: essay.docx" in said
    assert "broken.zip (a zip that cannot be read" in said
    pages = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.html")}
    assert len(pages) == len(found)
    assert all(page.startswith("marks_feedback/") for page in pages)
    assert mark_all(EXERCISE, place, table, show_progress_bar=False) == found


@pytest.mark.parametrize("kind", ["many", "large"])
def test_a_zip_with_too_much_in_it(kind, answered, tmp_path, capsys):
    place = tmp_path / "submissions"
    place.mkdir()
    with zipfile.ZipFile(place / "x.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for k in range(10_001 if kind == "many" else 1):
            packed.writestr(f"{k}.ipynb", b"" if kind == "many" else bytes(65 << 20))
    found = mark_all(EXERCISE, place, tmp_path / "marks.csv", show_progress_bar=False)
    if kind == "many":
        assert not found
        assert "at most 10000 are read" in capsys.readouterr().err
    else:
        assert "larger than 64 MB" in found[0]["error"]


STRANGE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "a;=1+1",
    "a\n=1+1",
    "a\x01",
    "a\x02",
    "a\\x01",
    "a\u200b",
]
STRANGE += ["\t=1", '"=1', "a,=1", "ü", "🙂", "%s", "{0}"]


def test_no_name_is_a_formula_and_all_are_kept_apart(answered, tmp_path):
    place, table = tmp_path / "submissions", tmp_path / "marks.csv"
    place.mkdir()
    for name in STRANGE:
        (place / f"{name}.ipynb").write_bytes(answered)
    found = mark_all(EXERCISE, place, table, show_progress_bar=False)
    assert len(found) == len(STRANGE)
    assert {row["points"] for row in found} == {str(MOST)}
    text = table.read_text(encoding="utf-8")
    assert len(text.splitlines()) == len(STRANGE) + 1
    for delimiter in ",;\t":
        for row in csv.reader(text.splitlines(), delimiter=delimiter):
            assert not [cell for cell in row if cell[:1] in tuple("=+-@")]
    assert rows(table).keys() == {row["submission"] for row in found}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have names in Unicode")
def test_a_name_that_is_no_utf_8(answered, tmp_path):
    place = tmp_path / "submissions"
    place.mkdir()
    path = Path(os.fsdecode(os.fsencode(place) + b"/\xff\xfe.ipynb"))
    path.write_bytes(answered)
    (row,) = mark_all(EXERCISE, place, tmp_path / "marks.csv", show_progress_bar=False)
    assert (row["points"], row["error"]) == (str(MOST), "")
    out = tmp_path / "marks.json"
    code = (
        "import sys; from hpcourse.grading.command import script; sys.argv[0] = 'hpcourse-grade'\n"
        "script()"
    )
    command = [sys.executable, "-c", code, "grade", NAME, path, "--json", out]
    command += ["--protection", best_protection()]
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(command, capture_output=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert json.loads(out.read_text(encoding="utf-8"))["points"] == MOST
    assert b"\\u2713" in done.stdout


def test_pages_and_folders_do_not_get_in_each_others_way(answered, tmp_path):
    place = tmp_path / "submissions"
    for name in (
        "a.ipynb",
        "a.html/b.ipynb",
        "a.html_/b.ipynb",
        "a.ipynb.txt",
        "a.ipynb.html/c.ipynb",
    ):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(answered)
    found = mark_all(EXERCISE, place, tmp_path / "marks.csv", show_progress_bar=False)
    assert [row["error"] for row in found] == [""] * 5
    assert len(list((tmp_path / "marks_feedback").rglob("*.html"))) >= 5


@pytest.mark.parametrize(
    "failure", [Broken("no process"), OSError(28, "No space left"), MemoryError()]
)
def test_our_own_failures_are_no_marks(failure, answered, tmp_path, monkeypatch):
    place, table = tmp_path / "submissions", tmp_path / "marks.csv"
    place.mkdir()
    (place / "a.ipynb").write_bytes(answered)

    def fails(*args, **kwargs):
        raise failure

    with monkeypatch.context() as patch:
        patch.setattr("hpcourse.grading.marking.Sandbox", fails)
        (row,) = mark_all(EXERCISE, place, table, protection="process", show_progress_bar=False)
    assert row["error"].startswith("internal error, please report it")
    (row,) = mark_all(EXERCISE, place, table, protection="process", show_progress_bar=False)
    assert (row["points"], row["error"]) == (str(MOST), "")


# The program


def test_root_has_to_name_a_weak_protection(answered, tmp_path, monkeypatch, capsys):
    path = tmp_path / "a.ipynb"
    path.write_bytes(answered)
    monkeypatch.setattr(
        "hpcourse.grading.command.best_protection", lambda wanted: wanted or "limits"
    )
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    assert main(["grade", NAME, str(path)]) == 2
    assert "say --protection limits to mark nevertheless" in capsys.readouterr().err
    assert main(["grade", NAME, str(path), "--protection", "process"]) == 0


@pytest.mark.parametrize("name", ["argparse.py", "csv.py", "hpcourse", "numpy", "json.pyc"])
def test_a_folder_that_hides_modules_is_refused(name, tmp_path):
    """Whoever runs the program proper is not concerned."""
    (tmp_path / name).mkdir() if "." not in name else (tmp_path / name).write_text("x = 1\n")
    root = str(Path(grading.__file__).parents[2])
    for safe in ([], ["-P"]):
        done = subprocess.run(
            [sys.executable, *safe, "-m", "hpcourse.grading", "grade", "no", "x"],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": root},
            capture_output=True,
            text=True,
        )
        assert done.returncode != 0
        assert ("unknown problem set" if safe else "hides a module") in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_nobody_reads_the_salt(tmp_path):
    code = (
        "import sys, time; from hpcourse.grading import command\n"
        "command.main = lambda given: (print('ready', *given, flush=True), time.sleep(20))\n"
        "command.script()"
    )
    command = [sys.executable, "-c", code, "grade", NAME, "x", "--salt", "secret"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert "secret" in process.stdout.readline()
        assert b"secret" not in Path(f"/proc/{process.pid}/cmdline").read_bytes()
        if os.geteuid():
            with pytest.raises(PermissionError):
                Path(f"/proc/{process.pid}/environ").read_bytes()
        process.kill()
