"""Build the book's website: execute what has changed, write ``_build/html``.

    python book/build.py

Chapters are executed once, two at a time, and their results kept (``conftest.py``); a chapter is
executed again when its code changes, or the code of the package that it uses, the locked
environment, or the data set. A claim that does not hold here is marked on its page and named at
the end. A cell that fails ends the build with status 1; the page of its chapter says so.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import chapters

ROOT = chapters.ROOT
BUILD = ROOT / "_build"
HTML = BUILD / "html"
KEY = BUILD / "pages.json"
EXTRA = BUILD / "extra"  # copied to the top of the site as it is
WELCOME = "book/intro.html"
SETS = ROOT / "exercises"


def pages_key():
    """What the pages depend on, as one hash; all are written when it changes."""
    paths = [
        path
        for path in (ROOT / "book").rglob("*")
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    ]
    paths += [ROOT / "_config.yml", ROOT / "_toc.yml", ROOT / "requirements.lock"]
    paths += [*SETS.glob("*/checks.py"), *SETS.glob("release/*.ipynb")]
    paths += chapters.RESULTS.rglob("*.ipynb")
    total = hashlib.sha256()
    for path in sorted(paths):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(ROOT)} {content}\n".encode())
    return total.hexdigest()


def execute():
    """Execute the chapters that have no result of their own, two at a time."""
    waiting = []
    for path in chapters.chapters(ROOT):
        _, measured = chapters.load(path)
        if measured is None or measured["error"]:
            waiting.append(str(path.relative_to(ROOT)))
    if not waiting:
        return
    several = f"{len(waiting)} chapters" if len(waiting) > 1 else "one chapter"
    print(f"Executing {several}, two at a time ...", flush=True)
    chapters.execute(sys.executable, waiting)


def remove(*names):
    """Remove build products."""
    for name in names:
        shutil.rmtree(BUILD / name, ignore_errors=True)


def prepare_extra():
    """Lay out what the site serves beside the pages: MathJax, problem sets, an index."""
    package = importlib.util.find_spec("sphinx-mathjax-offline")
    if package is None:
        sys.exit("sphinx-mathjax-offline is missing: run make setup")
    shutil.rmtree(EXTRA, ignore_errors=True)
    (EXTRA / "mathjax").mkdir(parents=True)
    script = Path(package.origin).parent / "static" / "mathjax" / "tex-svg-full.js"
    shutil.copy(script, EXTRA / "mathjax")
    shutil.copytree(SETS / "release", EXTRA / "problem_sets")
    (EXTRA / "index.html").write_text(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        "<title>hpcourse</title>\n"
        f'<meta http-equiv="refresh" content="0; url={WELCOME}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="icon" href="_static/favicon.svg">\n'
        '<meta name="description" content="A course on tuning the hyperparameters of neural '
        'networks.">\n'
        f'<link rel="canonical" href="{base_url()}{WELCOME}">\n</head>\n'
        f'<body><main><h1>hpcourse</h1><p><a href="{WELCOME}">To the course</a></p></main></body>\n'
        "</html>\n",
        encoding="utf-8",
    )


def base_url():
    """The published site's address."""
    import tomllib

    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]["Homepage"]


def run_jupyter_book():
    """Run Jupyter Book with warnings as errors; return its exit status."""
    environment = os.environ | chapters.KERNEL
    environment.pop("JUPYTER_PATH", None)
    start = "from jupyter_book.cli.main import main; main()"  # finds its command in any environment
    command = [sys.executable, "-c", start, "build", ".", "-q", "-W", "-n", "--keep-going"]
    return subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL).returncode


def write_pages():
    """Write all pages if anything that they show has changed; return the exit status."""
    key = pages_key()
    if KEY.exists() and json.loads(KEY.read_text()) == key and (HTML / "index.html").exists():
        return 0
    KEY.unlink(missing_ok=True)
    remove(".doctrees", "html")  # the sitemap lists the pages of the last run alone
    print("Writing the pages ...", flush=True)
    prepare_extra()
    status = run_jupyter_book()
    if status == 0 and (HTML / "index.html").exists():
        KEY.write_text(json.dumps(key))
        return 0
    print("The book was not built: see the errors and warnings above.", file=sys.stderr)
    return status or 1


def report():
    """Say which claims did not hold and which chapters broke off; return the exit status."""
    checked, failed, broken = 0, [], []
    for number, path in enumerate(chapters.chapters(ROOT), 1):
        notebook, measured = chapters.load(path)
        name = f"{number}, {chapters.title(notebook)}"
        if measured is None:
            broken.append(f"{name}: not executed")
            continue
        if error := measured["error"]:
            broken.append(f"{name}, cell {error['cell']}: {error['cause']}")
        found = chapters.checked(notebook, measured)
        checked += chapters.summary(found)["checked"]
        failed += [
            f"{name}: {each['sentence']} ({each['came_out']})"
            for each in found
            if each["state"] == "failed"
        ]
    if failed:
        print(f"{len(failed)} of {checked} claims did not hold on this machine:")
        print("\n".join(f"    {line}" for line in failed))
    else:
        print(f"All {checked} claims held on this machine.")
    if broken:
        print("Chapters that broke off:", file=sys.stderr)
        print("\n".join(f"    {line}" for line in broken), file=sys.stderr)
    return bool(broken)


def main():
    """Build; return the exit status."""
    start = time.monotonic()
    execute()
    status = write_pages()
    status = int(report()) or status
    if (HTML / "index.html").exists():
        print(f"The book was built in {time.monotonic() - start:.0f} s. Open")
        print(f"    {(HTML / 'index.html').as_uri()}")
    return status


if __name__ == "__main__":
    sys.exit(main())
