"""Build the book's website: execute what has changed, write ``_build/html``.

    python book/build.py

Notebooks are executed once and their results kept. They are executed again when their code
changes, and all of them when the package, the locked environment or the data set changes.
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

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "_build"
HTML = BUILD / "html"
KEYS = BUILD / "keys.json"
EXTRA = BUILD / "extra"  # copied to the top of the site as it is
WELCOME = "book/intro.html"
SETS = ROOT / "exercises"


def digest(paths):
    """One hash of the names and contents of files."""
    total = hashlib.sha256()
    for path in sorted(paths):
        name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
        total.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def current_keys():
    """What the notebooks' results, and what the pages depend on beside their own text."""
    from hpcourse import datasets

    package = [
        path
        for path in (ROOT / "hpcourse").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    data = datasets.find()
    executed = [*package, ROOT / "requirements.lock", *([Path(data)] if data else [])]
    # All pages are written when one changes: the sitemap lists those of the last run alone.
    pages = [
        path
        for path in (ROOT / "book").rglob("*")
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    ]
    pages += [ROOT / "_config.yml", ROOT / "_toc.yml"]
    pages += [*SETS.glob("*/checks.py"), *SETS.glob("release/*.ipynb")]
    return {"executed": digest(executed), "pages": digest(pages)}


def remove(*names):
    """Remove build products."""
    for name in names:
        shutil.rmtree(BUILD / name, ignore_errors=True)


def discard_outdated(keys):
    """Remove the results that no longer hold."""
    stored = json.loads(KEYS.read_text()) if KEYS.exists() else {}
    if stored.get("executed") != keys["executed"]:
        remove(".jupyter_cache", ".doctrees", "html")
    elif stored.get("pages") != keys["pages"]:
        remove(".doctrees", "html")
    BUILD.mkdir(exist_ok=True)
    KEYS.write_text(json.dumps(keys))


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


def prepare_ipython():
    """Settings of the notebooks' kernels: none of the user's own, and no log of their start."""
    settings = BUILD / "ipython" / "profile_default" / "ipython_kernel_config.py"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("c.IPKernelApp.log_level = 40\n")
    return settings.parents[1]


def run_jupyter_book():
    """Run Jupyter Book with warnings as errors; return its exit status."""
    environment = os.environ | {
        "TF_CPP_MIN_LOG_LEVEL": os.environ.get("TF_CPP_MIN_LOG_LEVEL", "3"),
        # The notebooks run in the Python that runs this script, whatever kernels a user has.
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "IPYTHONDIR": str(prepare_ipython()),
    }
    environment.pop("JUPYTER_PATH", None)
    start = "from jupyter_book.cli.main import main; main()"  # finds its command in any environment
    command = [sys.executable, "-c", start, "build", ".", "-W", "-n", "--keep-going"]
    return subprocess.run(command, cwd=ROOT, env=environment).returncode


def main():
    """Build; return the exit status."""
    start = time.monotonic()
    discard_outdated(current_keys())
    prepare_extra()
    remove("html/reports")
    status = run_jupyter_book()
    if status or not (HTML / "index.html").exists():
        # Sphinx repeats no warning for a page that it has read: let it read all pages again.
        remove(".doctrees")
        for report in sorted((HTML / "reports").rglob("*.err.log")):
            print(f"\n{report.relative_to(ROOT)}:\n{report.read_text()}", file=sys.stderr)
        print("The book was not built: see the errors and warnings above.", file=sys.stderr)
        return status or 1
    KEYS.write_text(json.dumps(current_keys()))  # the build itself may have fetched the data
    print(f"The book was built in {time.monotonic() - start:.0f} s. Open")
    print(f"    {(HTML / 'index.html').as_uri()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
