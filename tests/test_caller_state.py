"""Nothing public touches what is the caller's: random numbers, folder, filters, figures, arguments.

A walk over the table of right calls, and over some of the wrong ones.
"""

import os
import random
import warnings

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from public_calls import CALLS, perform
from snapshots import snapshot

SETS_THE_STYLE = {"plots.use_style"}  # it is there to


def draws():
    """What the caller's generators would give next; they are put back."""
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002
    drawn = [random.random() for _ in range(3)], np.random.random(3).tolist()  # noqa: NPY002
    random.setstate(python)
    np.random.set_state(numpy)  # noqa: NPY002
    return drawn


def surroundings():
    """What all code of a process shares, by name."""
    return {
        "random numbers": draws(),
        "folder": os.getcwd(),
        "warning filters": list(warnings.filters),
        "environment": dict(os.environ),
        "matplotlib's settings": dict(mpl.rcParams),
        "NumPy's errors": np.geterr(),
        "NumPy's printing": {k: str(v) for k, v in np.get_printoptions().items()},
    }


def changed(before, name=""):
    """The names of what is no more as it was."""
    now = surroundings()
    kept = {"matplotlib's settings"} if name in SETS_THE_STYLE else set()
    return {part for part in before if now[part] != before[part]} - kept


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to be in, and generators in a state that no seed of the package is."""
    monkeypatch.chdir(tmp_path)
    random.seed("the caller's")
    np.random.seed(20_000_003)  # noqa: NPY002
    with mpl.rc_context():
        yield tmp_path
    plt.close("all")


def loaded(name, folder):
    """Do all once: what a library sets when it is loaded is not the doing of a call."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = perform(name, CALLS[name].make(folder))
    plt.close("all")
    return result


@pytest.mark.parametrize("name", CALLS)
def test_a_call_leaves_the_caller_s_surroundings_and_arguments_as_they_were(name, folder):
    call = CALLS[name]
    loaded(name, folder)
    arguments = call.make(folder)
    kept = {key: value for key, value in arguments.items() if key not in call.changes}
    figures = plt.get_fignums()
    content, around = snapshot(kept), surroundings()
    with warnings.catch_warnings():
        around["warning filters"] = list(warnings.filters)
        result = perform(name, arguments)
        assert not changed(around, name)
    assert snapshot(kept) == content
    opened = plt.get_fignums()[len(figures) :]
    assert len(opened) == call.figures
    if opened:
        axes = np.ravel(result)[0]
        assert axes.figure is plt.figure(opened[0])


# scikit-learn's own check of data notes in an estimator what these were like.
NOTES_IT_LOOKED = {("bridges.sklearn.KerasClassifier.fit", "self")}


@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if call.kinds])
def test_a_refused_call_leaves_all_as_it_was(name, folder):
    """Three wrong values of each parameter; even what a right call changes is left."""
    call = CALLS[name]
    arguments = call.make(folder)
    kept = {key: value for key, value in arguments.items() if (name, key) not in NOTES_IT_LOOKED}
    figures, content, around = plt.get_fignums(), snapshot(kept), surroundings()
    for parameter, kind in call.kinds.items():
        for given in list(kind.wrong.values())[:: max(1, len(kind.wrong) // 3)]:
            wrong = given if kind.spread else {parameter: given}
            with pytest.raises((ValueError, TypeError)):
                perform(name, arguments | wrong)
            assert not changed(around), parameter
            assert snapshot(kept) == content, parameter
            assert plt.get_fignums() == figures, parameter
