"""Every public function refuses what is wrong with an argument, by name, before any work."""

import contextlib
import re
import warnings

import numpy as np
import pytest
from argument_kinds import Blank
from matplotlib import pyplot as plt
from public_calls import CALLS, Build, Spy, handed_out, perform, rooms, surface
from snapshots import snapshot

import hpcourse
from hpcourse import landscapes

# Parameters that no declaration covers, and why.
CONTRACT = "a study calls it thousands of times, with what it has checked"
UNIT = "a space and a searcher call it thousands of times, with places of the unit scale"
MADE = "an object of it is a result, made by this package alone"
UNCOVERED = {
    "search.Searcher.suggest": CONTRACT,
    "search.Searcher.horizon": CONTRACT,
    "search.Pruner.prune": CONTRACT,
    **{
        f"search.Dimension.{name}": UNIT
        for name in ("encode", "from_unit", "from_units", "share", "snap", "to_unit", "to_units")
    },
    "search.Dimension.contains": "it is False for anything else",
    "search.Trial": MADE,
    "search.Trial.copy": "a study calls it for each trial",
    "landscapes.Landscape": MADE,
    "bayes.Surrogate": MADE,
    "bayes.Surrogate.believe": "BayesianSearch calls it with what it has made",
    "bayes.Surrogate.fit": "BayesianSearch calls it with what it has made",
    "bayes.Surrogate.posterior": "BayesianSearch calls it hundreds of times for a suggestion",
    "schedules.Schedule.__call__": {"learning_rate": "Keras passes it, and it is not looked at"},
}

# What has no right call in the table, and why.
NOT_CALLED = {
    "bayes.Surrogate": "it is abstract",
    "landscapes.Landscape": "only landscapes.get has what it is made of",
    "search.Pruner.prune": "every pruner is its user's own",
}
if "datasets.load" not in CALLS:
    NOT_CALLED |= dict.fromkeys(("datasets.load", "datasets.load_mnist"), "there is no MNIST here")


@pytest.fixture
def tmp(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    plt.close("all")


def traces(arguments, folder):
    """What work leaves behind: calls of functions and landscapes, files, figures."""
    spies = [given for value in arguments.values() for given in _all(value)]
    calls = sum(len(given.calls) for given in spies)
    return calls, sorted(folder.rglob("*")), plt.get_fignums()


def _all(value):
    if isinstance(value, list | tuple):
        return [given for one in value for given in _all(one)]
    if isinstance(value, hpcourse.KerasClassifier):
        return _all(value.build)
    if isinstance(value, landscapes.Landscape):
        return _all([value._value, value._gradient])
    return [value] if isinstance(value, Spy | Build) else []


def told(message, given):
    """Whether an error says what was given: itself, a part of it, its type or its shape."""
    texts = {
        repr(given)[:40],
        str(given)[:40],
        type(given).__name__,
        getattr(given, "__name__", ""),
    }
    with contextlib.suppress(ValueError):  # of several lengths
        texts |= {str(np.shape(given)), *map(str, np.shape(given)), str(np.asarray(given).dtype)}
        texts |= {repr(np.asarray(given).tolist())[:40]}
    if given is None or given is True:  # as arrays have it
        texts |= {str(np.array(given, dtype=float))}
    if isinstance(given, np.ndarray | list | tuple) and not len(given):
        texts |= {"none", "no ", "0", "at least"}
    if isinstance(given, str | bytes):
        texts |= {repr([*given])[:40], str(len(given))}
    inside = [*given] if isinstance(given, list | tuple | set) else []
    if isinstance(given, dict):
        inside = [*given, *given.values()]
    return any(text and text.lower() in message.lower() for text in texts) or any(
        told(message, one) for one in inside
    )


def refused(name, parameter, kind, what, given, folder):
    """Return what is wrong with how a call with a wrong argument ends, or nothing."""
    arguments = CALLS[name].make(folder)
    watched = arguments | {"given": given}
    before = traces(watched, folder)
    plain = dict(arguments)
    if "ax" in plain and "None" not in CALLS[name].kinds["ax"].wrong:
        del plain["ax"]  # it would open a figure
    plain |= given if kind.spread else {parameter: given}
    label = f"{parameter} = {what} {given!r}"
    raises = (*kind.raises, ValueError) if TypeError in kind.raises else kind.raises
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            perform(name, plain)
    except raises as error:
        message = str(error)
    except Exception as error:
        return f"{label}: {type(error).__name__}: {error}"
    else:
        return f"{label}: was accepted"
    finally:
        after = traces(watched, folder)
        for number in set(plt.get_fignums()):
            plt.close(number)
    if not re.search(rf"\b({kind.called or parameter})\b", message):
        return f"{label}: is not named: {message}"
    value = next(iter(given.values())) if kind.spread else given
    if not told(message, value) and not (kind.spread and told(message, [*given])):
        return f"{label}: was not said: {message}"
    if after != before:
        return f"{label}: after work was done, {before} {after}"
    return None


@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if call.kinds])
def test_a_wrong_argument_is_refused_by_name_before_any_work(name, tmp):
    wrong = []
    for parameter, kind in CALLS[name].kinds.items():
        for number, (what, given) in enumerate(kind.wrong.items()):
            folder = tmp / f"{parameter}{number}"
            folder.mkdir()
            wrong.append(refused(name, parameter, kind, what, given, folder))
    wrong = [one for one in wrong if one]
    assert not wrong, "\n".join([name, *wrong])


@pytest.mark.parametrize("name", CALLS)
def test_numbers_of_numpy_do_what_those_of_python_do(name, tmp):
    call = CALLS[name]

    def result(number, /, **changed):
        folder = tmp / str(number)
        folder.mkdir()
        arguments = call.make(folder) | changed
        return snapshot([perform(name, arguments), arguments.get("self")])

    expected, usual = result(0), call.make(tmp)
    forms = []
    for parameter, kind in call.kinds.items():
        for form in kind.forms if parameter in usual else ():
            with contextlib.suppress(Exception):  # it has no such form
                forms.append({parameter: form(usual[parameter])})
    if call.dear:  # all at once, once
        forms = [{key: value for form in forms for key, value in form.items()}]
    for number, form in enumerate(forms, start=1):
        assert result(number, **form) == expected, form


def test_every_public_parameter_is_declared_or_says_why_not():
    declared, public = {}, surface()
    for name, call in CALLS.items():
        declared.setdefault(name.split(" ")[0], set()).update(call.kinds)
    assert declared.keys() <= public.keys()
    covered = total = 0
    for name, parameters in public.items():
        reason = UNCOVERED.get(name, {})
        left_out = set(parameters) if isinstance(reason, str) else set(reason)
        assert left_out <= set(parameters), name
        assert declared.get(name, set()) | left_out == set(parameters), name
        assert not declared.get(name, set()) & left_out, name
        covered, total = covered + len(declared.get(name, ())), total + len(parameters)
    assert UNCOVERED.keys() <= public.keys()
    assert public.keys() - declared.keys() == set(NOT_CALLED)
    assert covered >= 0.9 * total, f"{covered} of {total}"


def test_the_front_door_hands_out_nothing_that_no_room_does():
    walked = [value for module in rooms().values() for value in handed_out(module).values()]
    for name in hpcourse.__all__:
        value = getattr(hpcourse, name)
        assert not callable(value) or any(value is one for one in walked), name


def test_a_declaration_has_about_ten_wrong_values():
    for name, call in CALLS.items():
        for parameter, kind in call.kinds.items():
            assert len(kind.wrong) >= (5 if kind.called else 8) or kind.spread, (name, parameter)
    assert Blank is not Blank()
