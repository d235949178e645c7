"""Execute the chapters in other numerical environments and say which claims are at risk there.

    python book/weather.py [ENVIRONMENT ...]

The linear algebra library's kernels reach NumPy and SciPy, those of oneDNN TensorFlow; each gives
other last digits, and a search or a training that hangs on them ends elsewhere. Results are kept by
environment in ``_build/weather``: only chapters whose code has changed are executed again. Printed
are the claims that failed, and those that are nearer to a bound than three spreads (the standard
deviation that the claim states, or that over these environments if it is larger).
"""

import contextlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
import chapters

FOLDER = chapters.ROOT / "_build" / "weather"
COLAB = FOLDER / "colab-environment"
REQUIREMENTS = chapters.ROOT / "tests" / "colab-requirements.txt"
SPREADS = 3


def processor_has(flag):
    """Whether the processor has these instructions, as far as the system tells."""
    with contextlib.suppress(OSError):
        return re.search(rf"\b{flag}\b", Path("/proc/cpuinfo").read_text()) is not None
    return False


def environments():
    """Each environment's variables, by name; the libraries' own choice is first."""
    off = {"TF_ENABLE_ONEDNN_OPTS": "0"}
    found = {
        "own choice": {},
        "Nehalem, SSE41": {"OPENBLAS_CORETYPE": "Nehalem", "ONEDNN_MAX_CPU_ISA": "SSE41"},
        "oneDNN off, two threads": off | dict.fromkeys(chapters.THREADS, "2"),
        "oneDNN off, one thread": off | dict.fromkeys(chapters.THREADS, "1"),
        "busy": {},
    }
    if processor_has("avx"):
        found["Sandybridge, AVX"] = {
            "OPENBLAS_CORETYPE": "Sandybridge",
            "ONEDNN_MAX_CPU_ISA": "AVX",
        }
    if processor_has("avx2"):
        found["Haswell, AVX2"] = {"OPENBLAS_CORETYPE": "Haswell", "ONEDNN_MAX_CPU_ISA": "AVX2"}
    if processor_has("avx512f"):
        found["SkylakeX"] = {"OPENBLAS_CORETYPE": "SkylakeX"}
    if shutil.which("python3.13"):
        found["Colab"] = {}
    return found


@contextlib.contextmanager
def busy(processes):
    """Other processes that keep the cores busy."""
    started = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)
    ]
    try:
        yield
    finally:
        for each in started:
            each.kill()
            each.wait()


def colab_python():
    """The interpreter of an environment with Colab's versions, made when they change."""
    python, made = COLAB / "bin" / "python", COLAB / "made"
    wanted = REQUIREMENTS.read_text()
    if not made.exists() or made.read_text() != wanted:
        shutil.rmtree(COLAB, ignore_errors=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        for command in (
            ["python3.13", "-m", "venv", str(COLAB)],
            [*pip, "-r", str(REQUIREMENTS)],
            [*pip, "--no-deps", "--editable", str(chapters.ROOT)],
        ):
            subprocess.run(command, check=True)
        made.write_text(wanted)
    return str(python)


def execute(name, variables, paths):
    """Execute in an environment the chapters that have no result there."""
    results = FOLDER / re.sub(r"\W+", "-", name)
    waiting = [path for path in paths if chapters.load(path, results=results)[1] is None]
    if waiting:
        print(f"{name}: executing {len(waiting)} chapters", flush=True)
        python = colab_python() if name == "Colab" else sys.executable
        with busy(2 if name == "busy" else 0):
            chapters.execute(python, waiting, results, variables)
    return results


def gather(path, folders, root=chapters.ROOT):
    """A chapter's claims, each with what came out in every environment; and what broke off."""
    runs, broken = {}, {}
    for name, results in folders.items():
        notebook, measured = chapters.load(path, root, results)
        if measured is None or measured["error"]:
            broken[name] = "not executed" if measured is None else measured["error"]["cause"]
        else:
            runs[name] = chapters.checked(notebook, measured)
    return [
        dict(zip(runs, claims, strict=True)) for claims in zip(*runs.values(), strict=True)
    ], broken


def distance(claims):
    """Spreads between a claim's value and the nearer of its bounds, the least over environments."""
    judged = [c for c in claims.values() if c["state"] != "not applicable"]
    nearest = np.inf
    for bound, end in (("low", "least"), ("high", "most")):
        values = np.array([float(c[end]) for c in judged])
        limits = {c[bound] for c in judged} - {None}
        if not limits or len(values) < 2 or not np.isfinite(values).all():
            continue
        spread = max(values.std(ddof=1), max(c["spread"] or 0 for c in judged))
        margin = min(abs(value - limit) for value in values for limit in limits)
        if spread > 0:
            nearest = min(nearest, margin / spread)
    return nearest


def main(names):
    """Execute, print the claims at risk; return 1 if one failed or a chapter broke off."""
    known = environments()
    if unknown := set(names) - set(known):
        sys.exit(f"unknown environment {sorted(unknown)}; here are: {'; '.join(known)}")
    paths = chapters.chapters()
    chosen = {name: known[name] for name in names or known}
    folders = {name: execute(name, variables, paths) for name, variables in chosen.items()}
    total, wrong, near = 0, [], []
    for path in paths:
        claims, broken = gather(path, folders)
        total += len(claims)
        wrong += [f"{path.stem} broke off in {name}: {why}" for name, why in broken.items()]
        for claim in claims:
            first = next(iter(claim.values()))
            words = f"{path.stem}, cell {first['cell']}: {first['sentence']}"
            if code := first.get("expression"):
                words += f" = {code}"
            failed = {name: c["came_out"] for name, c in claim.items() if c["state"] == "failed"}
            if failed:
                wrong.append(words)
                wrong += [f"    {name}: {came_out}" for name, came_out in failed.items()]
            elif (spreads := distance(claim)) < SPREADS:
                near.append(f"{spreads:.1f}  {words} ({first['came_out']})")
    print(f"{total} claims in {len(chosen)} environments: {', '.join(chosen)}")
    print("\n".join(wrong) or "None failed.")
    print(f"Nearer to a bound than {SPREADS} spreads: {len(near)}")
    print("\n".join(sorted(near)))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
