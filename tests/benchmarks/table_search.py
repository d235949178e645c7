"""How many evaluations each strategy needs on the recorded networks.

    python tests/benchmarks/table_search.py RESULT.json [--seeds 100] [--strategies bayesian]

Every strategy searches ``hpcourse.tabular.load_table("mnist_mlp")`` for its six best
configurations of 648 (the top 1 %), with its own defaults and the seeds 0, 1, ... The result
holds, for each strategy, how many evaluations each seed needed (null: more than its budget) and
the mean best accuracy after each of the first 60. ``--strategies`` runs only some of them again.
A chapter shows the result.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import platform
from pathlib import Path

import numpy as np

from hpcourse import (
    BayesianSearch,
    EvolutionSearch,
    RandomSearch,
    SobolSearch,
    TPESearch,
    load_table,
)

STRATEGIES = {  # with the number of evaluations after which it is given up
    "random": (RandomSearch, 648),
    "sobol": (SobolSearch, 648),
    "evolution": (EvolutionSearch, 648),
    "tpe": (TPESearch, 108),
    "bayesian": (BayesianSearch, 60),
}
TOP, SHOWN = 6, 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("result", type=Path)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--strategies", nargs="+", choices=STRATEGIES, default=list(STRATEGIES))
    given = parser.parse_args()
    table = load_table("mnist_mlp")
    goal = np.sort(table.values().ravel())[-TOP]
    packages = ("numpy", "scikit-learn", "scikit-optimize", "scipy")
    record = {
        "versions": {name: importlib.metadata.version(name) for name in packages},
        "python": platform.python_version(),
        "seeds": given.seeds,
        "goal": float(goal),
        "strategies": {},
    }
    if given.result.exists():
        old = json.loads(given.result.read_text(encoding="utf-8"))
        if old | {"strategies": {}} == record:
            record = old
    for name in given.strategies:
        make, budget = STRATEGIES[name]
        found = table.replay(lambda seed, make=make: make(), budget, given.seeds)
        curves = np.maximum.accumulate(found, axis=1)
        needed = [int(np.argmax(hit)) + 1 if hit.any() else None for hit in curves >= goal]
        record["strategies"][name] = {
            "budget": budget,
            "needed": needed,
            "best": curves[:, :SHOWN].mean(axis=0).round(6).tolist(),
        }
        counted = [budget if n is None else n for n in needed]
        print(
            f"{name:10} median {np.median(counted):5.0f}  mean {np.mean(counted):6.1f}  "
            f"9 of 10 within {np.quantile(counted, 0.9):4.0f}  given up {needed.count(None)}",
            flush=True,
        )
        given.result.write_text(json.dumps(record) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
