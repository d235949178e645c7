"""Run a population's training in a process with Keras on JAX."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

CODE = """
import json, sys
import keras
import numpy as np
from hpcourse import Population
data, epochs = np.load(sys.argv[1]), int(sys.argv[3])
population = Population(json.loads(sys.argv[2]), (20,), 4, seed=3)
n = len(population.weights)
population.weights = [keras.ops.convert_to_tensor(data[f"w{i}"]) for i in range(n)]
history = population.fit(data["x"], data["y"], epochs, 16, (data["x_new"], data["y_new"]))
predictions = population.predict(data["x_new"])
np.savez(sys.argv[4], predictions=predictions, **history)
"""


def train(folder, configurations, weights, data, data_new, epochs, more=""):
    """Return history and predictions of a population that starts from these weights.

    ``more`` is code that runs there afterwards, with ``population``, ``data`` and ``predictions``.
    """
    if importlib.util.find_spec("jax") is None:
        pytest.skip("JAX is not installed: pip install jax")
    (x, y), (x_new, y_new) = data, data_new
    named = {f"w{i}": np.asarray(weight) for i, weight in enumerate(weights)}
    np.savez(folder / "data.npz", x=x, y=y, x_new=x_new, y_new=y_new, **named)
    files = [str(folder / name) for name in ("data.npz", "result.npz")]
    root = str(Path(__file__).parents[1])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    settings = {"KERAS_BACKEND": "jax", "PYTHONPATH": path, "JAX_PLATFORMS": "cpu"}
    settings["XLA_FLAGS"] = "--xla_backend_optimization_level=0"  # it compiles in less time
    given = [files[0], json.dumps(configurations), str(epochs), files[1]]
    run = subprocess.run(
        [sys.executable, "-c", CODE + more, *given],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    return np.load(files[1])


def assert_same(result, history, predictions):
    np.testing.assert_allclose(result["predictions"], predictions, atol=1e-4)
    for key, values in history.items():
        np.testing.assert_allclose(result[key], values, rtol=1e-3, atol=1e-4)
