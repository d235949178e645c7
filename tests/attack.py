"""Try everything that is known against the marking, on this machine: ``make attack``.

    python tests/attack.py [KIND ...] [--only root|user] [--no-nbgrader]

Each case of ``attacks.py`` is tried under each protection that works here, as root if that is who
calls, and as an ordinary user. The table says how many cases there were and what came of them: what
was gained, left behind and lost of honest work, which is to be 0 everywhere. Then nbgrader's
autograding of the odd notebooks is compared with ours.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections import Counter
from pathlib import Path

from hpcourse.arguments import unknown_name

ROOT = Path(__file__).resolve().parents[1]
NOBODY = 65534
COLUMNS = ("cases", "gained", "left", "lost")


def work(protection, kinds):
    """Try all cases as who this is; print what comes of each, as JSON."""
    import attacks

    if protection not in attacks.HERE:
        return
    for kind in kinds or attacks.KINDS:
        _, names, protected, together = attacks.KINDS[kind]
        if not protected and protection != attacks.HERE[0]:
            continue
        for name in [names] if together else names:
            if not together and not attacks.applies(kind, name, protection):
                continue
            with tempfile.TemporaryDirectory() as folder:
                try:
                    found = attacks.strike(kind, name, protection, Path(folder))
                except Exception as error:
                    found = attacks.Outcome(1, 0, 1, f"{type(error).__name__}: {error}")
                subprocess.run(["chmod", "-R", "u+rwX", folder], check=False)
            n = len(names) if together else 1
            place = protection if protected else "any"
            print(json.dumps([kind, str(name)[:60], place, n, *found]), flush=True)


def _open_to(uid, path):
    """Whether a user can read a folder."""
    code = f"import os, sys; os.setgroups([]); os.setgid({uid}); os.setuid({uid})\n"
    code += f"sys.exit(not os.access({str(path)!r}, os.R_OK | os.X_OK))"
    return subprocess.run([sys.executable, "-S", "-c", code], check=False).returncode == 0


def _copy(place, to):
    """Copy a folder, by links to its files where that is possible."""
    try:
        shutil.copytree(place, to, symlinks=True, copy_function=os.link, dirs_exist_ok=True)
    except (OSError, shutil.Error):
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(place, to, symlinks=True)


def as_user(folder):
    """Return the command's beginning, and the environment, of an ordinary user's Python.

    What the user cannot read is copied into the folder.
    """
    folder.chmod(0o755)
    course = folder / "course"
    for name in ("hpcourse", "exercises", "tests"):
        ignored = shutil.ignore_patterns("__pycache__", "*.npz")
        shutil.copytree(ROOT / name, course / name, ignore=ignored)
    subprocess.run(["chmod", "-R", "a+rX", course], check=True)
    python, packages = Path(sys.executable), Path(sysconfig.get_path("purelib"))
    if not _open_to(NOBODY, sys.base_prefix):
        _copy(Path(sys.base_prefix).resolve(), folder / "python")
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        python = folder / "python" / "bin" / version
    if not _open_to(NOBODY, packages):
        _copy(packages, folder / "packages")
        packages = folder / "packages"
    home = folder / "home"
    (home / "tmp").mkdir(parents=True)
    for place in (home, home / "tmp"):
        os.chown(place, NOBODY, NOBODY)
    environment = {**os.environ, "HOME": str(home), "TMPDIR": str(home / "tmp")}
    environment["PYTHONPATH"] = os.pathsep.join(map(str, (course, course / "tests", packages)))
    command = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
    return [*command, str(python), "-B", str(course / "tests" / "attack.py")], environment


def tried(command, environment, kinds):
    """Run the cases, the protections beside each other; yield what came of each."""
    started = []
    for protection in ("bubblewrap", "limits", "process"):
        out = tempfile.TemporaryFile("w+")  # noqa: SIM115
        arguments = [*command, "--work", protection, *kinds]
        process = subprocess.Popen(arguments, stdout=out, env=environment, cwd="/")
        started.append((process, out))
    for process, out in started:
        with out:
            status = process.wait()
            out.seek(0)
            yield from map(json.loads, out)
        if status:
            yield ["the program", "itself", "any", 1, 1, 0, 0, f"ended with {status}"]


def parity():
    """Compare nbgrader's points of the odd notebooks with ours; return what is unexplained."""
    import odd_notebooks

    with tempfile.TemporaryDirectory() as folder:
        theirs = odd_notebooks.nbgrader_points(Path(folder), list(odd_notebooks.ODD))
    wrong = odd_notebooks.unexplained(theirs)
    equal = sum(points == odd_notebooks.MOST for points in theirs.values())
    print(f"nbgrader: {len(theirs)} odd notebooks, {equal} with all points as with ours,", end=" ")
    print(f"{len(theirs) - equal} with fewer; without a reason: {len(wrong)}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="all by default")
    parser.add_argument("--work", metavar="PROTECTION", help=argparse.SUPPRESS)
    parser.add_argument("--only", choices=["root", "user"], help="as one of these")
    parser.add_argument("--no-nbgrader", action="store_true", help="leave the comparison out")
    chosen = parser.parse_args()
    import attacks

    for kind in chosen.kinds:
        if kind not in attacks.KINDS:
            parser.error(str(unknown_name("kind", kind, attacks.KINDS)))
    if chosen.work:
        work(chosen.work, chosen.kinds)
        return 0
    root = os.geteuid() == 0
    users = ["root", "user"] if root else ["user"]
    table, failed, began = {}, [], time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for user in users if chosen.only is None else [chosen.only]:
            command, environment = [sys.executable, str(Path(__file__).resolve())], None
            if root and user == "user":
                command, environment = as_user(Path(folder))
            for kind, name, protection, *counts, why in tried(command, environment, chosen.kinds):
                row = table.setdefault((kind, protection, user), Counter())
                row.update(dict(zip(COLUMNS, counts, strict=True)))
                if any(counts[1:]):
                    failed.append((kind, name, protection, user))
                    print(f"{kind} / {name} / {protection} / {user}: {counts[1:]} {why[-1500:]}")
    print(f"{'kind':28}{'protection':12}{'as':6}" + "".join(f"{name:>8}" for name in COLUMNS))
    for (kind, protection, user), row in table.items():
        print(f"{kind:28}{protection:12}{user:6}" + "".join(f"{row[name]:8}" for name in COLUMNS))
    total = sum(table.values(), Counter())
    print(f"{'all':46}" + "".join(f"{total[name]:8}" for name in COLUMNS))
    print(f"{time.monotonic() - began:.0f} s")
    wrong = [] if chosen.no_nbgrader else parity()
    for each in wrong:
        print(each)
    return int(bool(failed or wrong))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    sys.exit(main())
