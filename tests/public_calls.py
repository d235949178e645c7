"""The whole public surface of the package, and a cheap right call of each of its parts.

``surface`` computes what there is; ``CALLS`` has, for each function, class and method, arguments of
a call that is right and, for each parameter, what kind of argument it is. A test that walks over
``CALLS`` walks over the package.
"""

import enum
import functools
import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
from argument_kinds import (
    Blank,
    Kind,
    flag,
    function,
    functions,
    generator,
    instance,
    keywords,
    kind,
    mapping,
    numbers,
    one_of,
    path,
    random_state,
    real,
    text,
    whole,
    wholes,
)
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

import hpcourse
from hpcourse import compute, datasets, landscapes, records
from hpcourse.schedules import Cosine
from hpcourse.search import (
    Choice,
    Float,
    GridSearch,
    Int,
    ManualSearch,
    RandomSearch,
    Reports,
    SobolSearch,
    Space,
    Study,
    TPESearch,
    Trial,
    TrialState,
)
from hpcourse.tabular import Table

PACKAGE = Path(hpcourse.__file__).parent

# Rooms of the house that are left out, and why.
NOT_WALKED = {
    "grading": "it stands aside, and its own tests give it what is wrong",
    "arguments": "it is what refuses",
    "bridges.networks": "the part of KerasClassifier that speaks Keras; nobody else calls it",
}


def rooms():
    """The modules that hand out public names, by name."""
    found = {}
    for name in sorted({p.relative_to(PACKAGE).parts[0] for p in PACKAGE.iterdir()}):
        place = PACKAGE / name
        name = name.removesuffix(".py")
        if name[0] == "_" or name in NOT_WALKED or not (place.suffix == ".py" or place.is_dir()):
            continue
        parts = [name]
        if name == "bridges":  # each of its files is a room
            parts = [f"bridges.{p.stem}" for p in sorted(place.glob("[!_]*.py"))]
        found |= {p: importlib.import_module(f"hpcourse.{p}") for p in parts if p not in NOT_WALKED}
    return found


def handed_out(module):
    """What a room hands out: its ``__all__``, or what it defines without an underscore."""
    own = [
        name
        for name, value in vars(module).items()
        if name[0] != "_" and getattr(value, "__module__", "") == module.__name__
    ]
    return {name: getattr(module, name) for name in getattr(module, "__all__", own)}


@functools.cache
def surface():
    """Every public function, class and method, and the names of its parameters.

    Exceptions and states take nothing of ours, a protocol has no constructor. A method counts once,
    where it is first defined: a class that has its own answers the same call. What another library
    has defined first is its own.
    """
    found = {}
    for room, module in rooms().items():
        for name, value in handed_out(module).items():
            if inspect.isclass(value):
                found |= _of_class(f"{room}.{name}", value)
            elif callable(value):
                found[f"{room}.{name}"] = _parameters(value)
    return found


def _of_class(name, given):
    if issubclass(given, BaseException | enum.Enum):
        return {}
    found = {}
    if getattr(given.__init__, "__module__", "") == given.__module__:
        found[name] = _parameters(given)
    for method in sorted(dir(given)):
        if method[0] == "_" and method != "__call__":
            continue
        first = [base for base in given.__mro__ if method in vars(base)][-1]
        kept = inspect.getattr_static(first, method)
        if first.__module__.startswith("hpcourse.") and isinstance(
            kept, staticmethod | classmethod | type(_of_class)
        ):
            bound = isinstance(kept, classmethod | staticmethod)
            taken = _parameters(getattr(first, method))[0 if bound else 1 :]
            found[f"{_room(first)}.{first.__name__}.{method}"] = taken
    return found


def _room(given):
    parts = given.__module__.split(".")[1:]
    return ".".join(parts[:2] if parts[0] == "bridges" else parts[:1])


def _parameters(given):
    return [name for name in inspect.signature(given).parameters if name[0] != "_"]


class Spy:
    """A function that notes its calls; what it gives is another function's."""

    def __init__(self, gives):
        self.gives, self.calls = gives, []

    def __call__(self, *given):
        self.calls.append(given)
        return self.gives(*given)


@dataclass
class Call:
    """A right call of something public, and what its parameters accept.

    Attributes
    ----------
    make : function of a folder
        Returns new arguments by name, with ``self`` for a method.
    kinds : dict
        Parameters to kinds.
    run : function, optional
        What to call instead: where arguments are only kept at first, it uses them too.
    changes : tuple of str
        Arguments that it is there to change.
    figures : int
        How many it opens and returns.
    dear : bool
        Whether a right call takes more than a moment.
    """

    make: Callable[[Path], dict[str, Any]]
    kinds: dict[str, Kind] = field(default_factory=dict)
    run: Callable | None = None
    changes: tuple[str, ...] = ()
    figures: int = 0
    dear: bool = False


def perform(name, arguments):
    """Call what has this name in the table."""
    arguments = dict(arguments)
    if CALLS[name].run is not None:
        return CALLS[name].run(**arguments)
    name = name.split(" ")[0]
    if "self" in arguments:
        return getattr(arguments.pop("self"), name.split(".")[-1])(**arguments)
    place, module = [], name.split(".")
    while len(module) > (2 if module[0] == "bridges" else 1):
        place.insert(0, module.pop())
    target = importlib.import_module(".".join(["hpcourse", *module]))
    for part in place:
        target = getattr(target, part)
    return target(**arguments)


def space():
    return Space(rate=Float(0.5, 2.0), units=Int(1, 8), kind=Choice(["a", "b"]))


PARAMS = {"rate": 1.0, "units": 2, "kind": "a"}


def study(n=4, **more):
    made = Study(space(), RandomSearch(), seed=0, **more)
    made.optimize(lambda trial: trial.params["rate"], n)
    return made


def pruned_study():
    def never(reports, trial):
        return False

    return study(0, pruner=never)


def asked():
    """A study, and a trial of it that runs."""
    made = study(1)
    return {"self": made, "trial": made.ask()}


def small_table():
    about = {"axes": {"units": [1, 2]}, "seeds": [0, 1], "epochs": 3}
    about |= {"n_validation": 10, "n_test": 10}
    grid = np.arange(12).reshape(2, 2, 3)
    arrays = {"hits": grid % 11, "loss": grid / 4, "test_hits": grid[..., 0], "seconds": np.ones(2)}
    return {"arrays": arrays, "about": about, "metric": "accuracy", "seed": 1}


def images(n=12):
    rng = np.random.default_rng(0)
    return rng.random((n, 4)), np.arange(n) % 3


def axes():
    return plt.subplots()[1]


def landscape(name, dimension=None):
    """A landscape that notes its calls."""
    made = landscapes.get(name, dimension)
    return replace(made, _value=Spy(made._value), _gradient=Spy(made._gradient))


def configuration(**more):
    """A dict of values, one for each hyperparameter of the space above."""
    near = {
        "a name one letter off": {"rat": 1.0, "units": 2, "kind": "a"},
        "out of its range": PARAMS | {"rate": 3.0},
        "a half for a whole number": PARAMS | {"units": 2.5},
        "another option": PARAMS | {"kind": "c"},
        "NaN in it": PARAMS | {"rate": np.nan},
        "one missing": {"rate": 1.0, "units": 2},
    }
    called = "params|hyperparameter|rate|units|kind"  # the name of the value that is wrong
    return mapping(near=near, forms=(_of_numpy,), **{"called": called} | more)


def _of_numpy(params):
    return params | {"rate": np.float64(params["rate"]), "units": np.int64(params["units"])}


def trials(**more):
    near = {"a number in it": [3], "one alone": Trial(0, PARAMS)}
    return kind("an empty list", near=near, **more)


def a_space(**more):
    near = (Space, {"rate": Float(0.5, 2.0)}, Float(0.5, 2.0))
    return instance(*near, **more)


def a_study(**more):
    return instance(Study, space(), [Trial(0, PARAMS)], [1.0]).but(**more)


def a_landscape(**more):
    near = (landscapes.Landscape, "booth", lambda x: x, [landscape("booth")])
    return instance(*near, **more)


def an_axes(optional=True, **more):
    near = {"many": np.array([None]), "a name": "ax", "in a list": [None]}
    near |= {"its class": Axes, "pyplot": plt}
    return kind(near=near, optional=optional, **more)


def a_searcher(**more):
    near = (RandomSearch, GridSearch, lambda space: {}, Trial(0, {}))
    return instance(*near, called="searcher", **more)


DIRECTIONS = ("minimize", "maximize")
METRICS = ("accuracy", "loss")
ACQUISITIONS, MODELS = ("EI", "LCB", "PI"), ("ET", "GP", "RF")
WARPS = ("auto", "log", "none", "yeo-johnson")
OPTIMIZERS = tuple(landscapes.UPDATE_RULES)

CALLS: dict[str, Call] = {}

CALLS["analysis.running_best"] = Call(
    lambda tmp: {"values": [1.0, 3.0, 2.0], "direction": "minimize"},
    {
        "values": numbers("an empty list").but("None in it"),  # failed trials
        "direction": one_of(DIRECTIONS),
    },
)

# bayes


def _surrogate():
    from hpcourse import BayesianSearch

    return BayesianSearch().surrogate(space(), study().trials)


CALLS |= {
    "bayes.BayesianSearch": Call(
        lambda tmp: {"n_initial_points": 3, "kappa": 2.0, "xi": 0.5, "constraint": Spy(bool)},
        {
            "base_estimator": one_of(MODELS),
            "acq_func": one_of(ACQUISITIONS),
            "warp": one_of(WARPS),
            "n_initial_points": whole(1, optional=True),
            "n_parallel": whole(1),
            "n_candidates": whole(1),
            "xi": real(0),
            "kappa": real(0),
            "constraint": function(optional=True),
        },
    ),
    "bayes.BayesianSearch.best_predicted": Call(
        lambda tmp: {"self": hpcourse.BayesianSearch(), "study": study()},
        {"study": a_study()},
    ),
    "bayes.BayesianSearch.n_start": Call(
        lambda tmp: {"self": hpcourse.BayesianSearch(), "space": space()},
        {"space": a_space()},
    ),
    "bayes.BayesianSearch.surrogate": Call(
        lambda tmp: {
            "self": hpcourse.BayesianSearch(),
            "space": space(),
            "trials": study().trials,
            "rng": np.random.default_rng(0),
        },
        {"space": a_space(), "trials": trials(), "rng": generator(optional=True)},
        changes=("rng",),
    ),
    "bayes.Surrogate.predict": Call(
        lambda tmp: {"self": _surrogate(), "x": np.full((2, 3), 0.5), "return_std": True},
        {
            "x": numbers(near={"too many columns": np.ones((2, 4)), "one point": [0.5] * 3}),
            "return_std": flag(),
        },
    ),
    "bayes.gp_minimize": Call(
        lambda tmp: {
            "func": Spy(lambda x: x[0] ** 2),
            "dimensions": [(-2.0, 2.0)],
            "n_calls": 5,
            "n_initial_points": 2,
            "x0": [[0.5]],
            "random_state": 3,
            "n_points": 16,
            "callback": [Spy(lambda result: None)],
            "space_constraint": Spy(lambda x: True),
            "kappa": 2.0,
        },
        {
            "func": function(),
            "dimensions": kind(near={"one alone": (-2.0, 2.0), "a number in it": [3]}),
            "base_estimator": one_of(MODELS, optional=True),
            "n_calls": whole(3),
            "n_random_starts": whole(0, optional=True),
            "n_initial_points": whole(0, optional=True),
            "initial_point_generator": one_of(["sobol"], optional=True),
            "acq_func": one_of(ACQUISITIONS),
            "acq_optimizer": one_of(["auto", "lbfgs"]),
            "x0": kind(optional=True, near={"too long": [[0.5, 0.5]], "outside": [[3.0]]}),
            "y0": kind("a number", "NaN", "infinity", optional=True, near={"too many": [1.0, 2.0]}),
            "random_state": random_state(),
            "verbose": flag(),
            "callback": functions().but("a function", "None"),
            "n_points": whole(1),
            "n_restarts_optimizer": instance(optional=True),  # for scikit-optimize's sake
            "xi": real(0),
            "kappa": real(0),
            "noise": one_of(["gaussian"], optional=True),
            "n_jobs": whole(1, 1, optional=True),
            "model_queue_size": whole(0, optional=True),
            "space_constraint": function(optional=True),
            "warp": one_of(WARPS),
        },
    ),
}

# bridges


def _objective(trial):
    return trial.params["rate"]


def _sampler():
    import optuna

    return optuna.samplers.RandomSampler(seed=0)


CALLS |= {
    "bridges.optuna.objective_to_optuna": Call(
        lambda tmp: {"objective": Spy(_objective), "space": space()},
        {"objective": function(), "space": a_space()},
    ),
    "bridges.optuna.space_to_optuna": Call(lambda tmp: {"space": space()}, {"space": a_space()}),
    "bridges.optuna.study_to_optuna": Call(lambda tmp: {"study": study()}, {"study": a_study()}),
    "bridges.optuna.OptunaSearch": Call(
        lambda tmp: {"sampler": _sampler()}, {"sampler": instance(RandomSearch())}
    ),
}


def _search(**arguments):
    x, y = images()
    return hpcourse.SearchCV(**arguments).fit(x, y).best_params_


def _dummy():
    from sklearn.dummy import DummyClassifier

    return DummyClassifier()


# What scikit-learn checks itself it says in its own words; they name the parameter.
CALLS["bridges.sklearn.SearchCV"] = Call(
    lambda tmp: {
        "estimator": _dummy(),
        "space": Space(constant=Int(0, 2), strategy=Choice(["constant"])),
        "searcher": RandomSearch(),
        "n_iter": 2,
        "scoring": "accuracy",
        "cv": 2,
        "random_state": 3,
    },
    {
        "estimator": instance(),
        "space": a_space(),
        "searcher": a_searcher(optional=True),
        "n_iter": whole(1, optional=True),
        "scoring": instance(optional=True, called="scoring|scorers|dict").but(
            "a dict", "a function", "a class", "NaN"
        ),
        "n_jobs": instance(2.5, optional=True).but("a number", "True"),
        "refit": instance().but("True", "a text", "a function", "a class"),
        "cv": instance(1, optional=True).but(
            "a number", "bytes", "a list", "an empty list", "a dict", "an empty dict"
        ),
        "verbose": instance(-1).but("a number", "True"),
        "pre_dispatch": instance(2.5).but("a number", "a text", "True"),
        "random_state": random_state(),
        "error_score": instance().but("a number", "NaN", "infinity", "True"),
        "return_train_score": flag(),
    },
    run=_search,
)


def _network(units=(4,), input_shape=(4,), n_classes=3, seed=None):
    return hpcourse.mlp(units, input_shape=input_shape, n_classes=n_classes, seed=seed)


class Build:
    """A function that builds a model, and notes it."""

    calls: list

    def __init__(self):
        self.calls = []

    def __call__(self, units=(4,), input_shape=(4,), n_classes=3, seed=None):
        self.calls.append(units)
        return _network(units, input_shape, n_classes, seed)


def _fit(**arguments):
    x, y = images()
    return hpcourse.KerasClassifier(**arguments).fit(x, y).predict_proba(x)


@functools.cache
def _fitted():
    return hpcourse.KerasClassifier(_network, epochs=1, random_state=0).fit(*images())


# Its checks of samples are scikit-learn's, in the words that its ``check_estimator`` wants to read;
# one of them is a TypeError.
SAMPLES = "X|[Ss]amples?|array|dtype|NaN|[Cc]omplex|string|argument"
BOTH = (ValueError, TypeError)


def samples_of_sklearn():
    near = {"too wide": np.ones((3, 5)), "a row": np.ones(4)}
    return numbers(called=SAMPLES, near=near, raises=BOTH)


CALLS |= {
    "bridges.sklearn.KerasClassifier": Call(
        lambda tmp: {
            "build": Build(),
            "epochs": 1,
            "batch_size": 8,
            "learning_rate": 0.5,
            "optimizer": "sgd",
            "random_state": 3,
            "validation_split": 0.25,
            "verbose": 0,
        },
        {
            "build": function(optional=True),
            "epochs": whole(1),
            "batch_size": whole(1),
            "optimizer": one_of(["adam", "sgd"], optional=True, case=False),
            "learning_rate": real(above=0, optional=True),
            "validation_split": real(0, below=1),
            "callbacks": kind("an empty list", optional=True, near={"a class in it": [Blank]}),
            "random_state": random_state(),
            "verbose": whole(0, 2),
            "hyperparameters": keywords({"one letter off": {"unitz": (4,)}}, called="unitz"),
        },
        run=_fit,
        dear=True,
    ),
    "bridges.sklearn.KerasClassifier.fit": Call(
        lambda tmp: {
            "self": hpcourse.KerasClassifier(Build(), epochs=1, random_state=0),
            **dict(zip("Xy", images(), strict=True)),
            "sample_weight": np.ones(12),
            "class_weight": {0: 2.0},
            "validation_data": images(6),
        },
        {
            "X": numbers(
                called=SAMPLES,
                near={"too few": np.ones((3, 4)), "a row": np.ones(4)},
                raises=BOTH,
            ),
            "y": numbers(
                called="y|[Ss]amples?|[Cc]omplex|label|array",
                near={"one class": [1] * 12},
            ),
            "sample_weight": numbers(optional=True, near={"too few": [1.0], "below": [-1] * 12}),
            "class_weight": mapping(
                "an empty dict", optional=True, near={"another label": {7: 1.0}, "below": {0: -1.0}}
            ),
            "validation_data": kind(
                optional=True,
                near={"x alone": np.ones((2, 4)), "three": (1, 2, 3)},
            ),
        },
        changes=("self",),
        dear=True,
    ),
    "bridges.sklearn.KerasClassifier.predict": Call(
        lambda tmp: {"self": _fitted(), "X": images()[0]},
        {"X": samples_of_sklearn()},
    ),
    "bridges.sklearn.KerasClassifier.predict_proba": Call(
        lambda tmp: {"self": _fitted(), "X": images()[0]},
        {"X": samples_of_sklearn()},
    ),
}

CALLS["claims.claim"] = Call(
    lambda tmp: {"sentence": "it holds", "value": 0.5, "low": 0.25, "high": 0.75, "spread": 0.5},
    {
        # What is no text or no number is a documented TypeError.
        "sentence": text(raises=(TypeError,)).but(wrong={"nothing": ""}),
        "value": kind(
            "a number", "NaN", "infinity", "True", near={"texts": ["a"]}, raises=(TypeError,)
        ),
        "low": real(optional=True).but(wrong={"above high": 1.0}),
        "high": real(optional=True).but(wrong={"below low": 0.0}),
        "spread": real(0, optional=True),
        "applies": flag(),
    },
)

# compute


def _record():
    from hpcourse.compute import DeviceRecord

    return DeviceRecord(**_device())


def _device():
    machine = {"device": "a", "kind": "cpu", "cores": 2, "versions": {"numpy": "2"}, "system": "b"}
    return {
        "name": "here",
        "machine": machine,
        "n_images": 256,
        "batch_size": 128,
        "units": (64, 64),
        "members": (1, 4),
        "first_epoch": (2.0, 2.5),
        "epoch": (0.5, 1.0),
        "fit_first_epoch": 2.0,
        "fit_epoch": 0.5,
    }


def _saved(tmp):
    _record().save(tmp / "record.json")
    return {"path": tmp / "record.json"}


def _measured(**arguments):
    """What of a measurement is the same each time."""
    made = compute.measure(**arguments)
    return made.name, made.n_images, made.batch_size, made.members


def seconds():
    near = {"one too many": (1.0, 2.0, 3.0), "too few": [1.0], "below": [1.0, -1.0]}
    near |= {"NaN in it": [1.0, np.nan], "infinity in it": [1.0, np.inf]}
    return numbers(near=near, like=[1.0, 2.0])


CALLS |= {
    "compute.DeviceRecord": Call(
        lambda tmp: _device(),
        {
            "name": text(),
            "machine": mapping("a dict"),
            "n_images": whole(1),
            "batch_size": whole(1),
            "units": wholes(1),
            "members": wholes(1, 1),
            "first_epoch": seconds(),
            "epoch": seconds(),
            "fit_first_epoch": real(0),
            "fit_epoch": real(above=0),
        },
    ),
    "compute.DeviceRecord.load": Call(_saved, {"path": path().but(wrong={"bytes": b"here"})}),
    "compute.DeviceRecord.save": Call(
        lambda tmp: {"self": _record(), "path": tmp / "new.json"},
        {"path": path().but(wrong={"bytes": b"here"})},
    ),
    "compute.cores": Call(lambda tmp: {}),
    "compute.describe": Call(lambda tmp: {}),
    "compute.measure": Call(
        lambda tmp: {
            "members": [1],
            "n_images": 8,
            "batch_size": 8,
            "name": "here",
            "progress": Spy(lambda line: None),
        },
        {
            "members": wholes(1, 1),
            "n_images": whole(1),
            "batch_size": whole(1),
            "name": text(optional=True),
            "progress": function(optional=True),
        },
        run=_measured,
        dear=True,
    ),
    "compute.processor": Call(lambda tmp: {}),
    "compute.records": Call(lambda tmp: {}),
    "compute.seconds_per_epoch": Call(
        lambda tmp: {"epoch": Spy(lambda: None), "budget": 0.0},
        {"epoch": function(), "budget": real(0)},
        run=lambda **given: len(compute.seconds_per_epoch(**given)),
    ),
}

# datasets


def _data():
    x, y = np.zeros((6, 28, 28), "uint8"), np.arange(6, dtype="uint8")
    parts = {"name": "digits"}
    for part in ("train", "val", "test"):
        parts |= {f"x_{part}": x, f"y_{part}": y}
    return parts


def pictures():
    return numbers(near={"too few": np.zeros((2, 28, 28), "uint8"), "a number": np.uint8(3)})


def labels():
    return numbers(near={"too few": np.zeros(2, "uint8"), "a number": np.uint8(3)})


def _dataset():
    from hpcourse.datasets import Dataset

    return Dataset(**_data())


CALLS |= {
    "datasets.Dataset": Call(
        lambda tmp: _data(),
        {"name": text()}
        | {f"x_{part}": pictures() for part in ("train", "val", "test")}
        | {f"y_{part}": labels() for part in ("train", "val", "test")},
    ),
    "datasets.Dataset.flat": Call(lambda tmp: {"self": _dataset()}),
    "datasets.find": Call(lambda tmp: {}),
    "datasets.load_digits": Call(lambda tmp: {}),
}
if datasets.find():  # or they would download it
    CALLS |= {f"datasets.{name}": Call(lambda tmp: {}) for name in ("load", "load_mnist")}

# landscapes


def points(called="booth|point"):
    near = {"too long": [1.0, 2.0, 3.0], "outside": [99.0, 0.0], "NaN in it": [np.nan, 0.0]}
    return numbers(near=near | {"an empty row": [[]]}, like=[1.0, 2.0], called=called)


RATES = {
    "one letter off": {"learning_rat": 0.5},
    "of another rule": {"rho": 0.5},
    "one in a list": {"learning_rate": [0.5]},
    "too many": {"learning_rate": [0.5, 0.5]},
    "texts": {"learning_rate": ["a"]},
    "of several lengths": {"learning_rate": [[1.0], [2.0, 3.0]]},
}


def settings_of(**each):
    """The settings of an update rule, whose learning rate may be one for each start."""
    called = "|".join(["learning_rate?", "rho", *each])
    near = RATES | {f"too many as {name}": {name: [0.5, 0.5]} for name in each}
    return keywords(near, {"learning_rate": real(above=0)} | each, called=called)


def _booth(**more):
    return {"self": landscape("booth"), "x": [1.0, 2.0]}


CALLS |= {
    "landscapes.Landscape.__call__": Call(lambda tmp: _booth(), {"x": points()}),
    "landscapes.Landscape.check": Call(lambda tmp: _booth(), {"x": points()}),
    "landscapes.Landscape.gradient": Call(lambda tmp: _booth(), {"x": points()}),
    "landscapes.compare": Call(
        lambda tmp: {
            "landscapes": [landscape("booth")],
            "optimizers": ["momentum"],
            "learning_rates": [0.25, 0.5],
            "settings": {"momentum": [{"momentum": 0.5}]},
            "n_starts": 2,
            "steps": 3,
            "tolerance": 0.5,
            "seed": 3,
        },
        {
            "landscapes": kind(
                near={
                    "one alone": landscape("booth"),
                    "a name": ["booth"],
                    "None in it": [landscape("booth"), None],
                    "its class": landscapes.Landscape,
                }
            ),
            "optimizers": kind(
                near={
                    "a name alone": "momentum",
                    "one letter off": ["momentun"],
                    "a number in it": [3],
                    "keys": {"momentum": 1},
                },
                called="optimizers?",
            ),
            "learning_rates": numbers(
                "a number",
                near={
                    "zero": [0.0],
                    "below": [-1.0],
                    "a table": [[0.5]],
                    "NaN in it": [np.nan],
                },
                like=[0.25, 0.5],
            ),
            "settings": mapping(
                "an empty dict",
                optional=True,
                near={
                    "of another": {"adam": [{}]},
                    "no list": {"momentum": {"momentum": 0.5}},
                    "None for a list": {"momentum": None},
                    "an empty dict for a list": {"momentum": {}},
                    "nothing to try": {"momentum": []},
                    "no mapping": {"momentum": [3]},
                    "one letter off": {"momentum": [{"momentun": 0.5}]},
                    "of another rule": {"momentum": [{"rho": 0.5}]},
                    "a rate": {"momentum": [{"learning_rate": 0.5}]},
                    "at the end": {"momentum": [{"momentum": 1.0}]},
                    "at the end, later": {"momentum": [{}, {"momentum": 1}]},
                    "a text in it": {"momentum": [{"momentum": "0.5"}]},
                },
                called="settings?|optimizer|momentum",
            ),
            "n_starts": whole(1),
            "steps": whole(1),
            "tolerance": real(above=0),
            "seed": whole(),
        },
    ),
    "landscapes.descend": Call(
        lambda tmp: {
            "landscape": landscape("booth"),
            "start": [0.0, 0.0],
            "optimizer": "momentum",
            "steps": 3,
            "momentum": 0.5,
        },
        {
            "landscape": a_landscape(),
            "start": points("start|booth|point"),
            "optimizer": one_of(OPTIMIZERS),
            "steps": whole(),
            "settings": settings_of(momentum=real(0, below=1)),
        },
    ),
    "landscapes.descend of Adam": Call(
        lambda tmp: {
            "landscape": landscape("booth"),
            "start": [0.0, 0.0],
            "optimizer": "adam",
            "steps": 3,
            "epsilon": 0.5,
            "beta_1": 0.5,
        },
        {"settings": settings_of(epsilon=real(above=0), beta_1=real(0, below=1))},
    ),
    "landscapes.get": Call(
        lambda tmp: {"name": "ackley", "dimension": 3},
        {
            "name": one_of(landscapes.names(), case=False, called="landscape"),
            "dimension": whole(1, optional=True),
        },
    ),
    "landscapes.get of two variables": Call(
        lambda tmp: {"name": "beale", "dimension": 2},
        {"dimension": whole(2, 2, optional=True)},
    ),
    "landscapes.names": Call(lambda tmp: {}),
}

# plots


def _history():
    return {"accuracy": [0.25, 0.5], "val_accuracy": [0.25, 0.75], "learning_rate": [0.5, 0.5]}


def _range_test():
    from hpcourse.training import LRRangeTest

    return LRRangeTest(np.geomspace(0.25, 2.0, 20), np.linspace(2.0, 1.0, 20), 0.5)


def _lines():
    ax = axes()
    ax.plot([0, 1], [0, 1], label="one")
    return {"ax": ax, "gap": 0.5}


def a_drawn_study():
    """A study with one direction, and a trial that is complete."""
    failed = study(0)
    failed.tell(failed.ask(), np.nan)
    both = Study(space(), RandomSearch(), directions=DIRECTIONS, seed=0)
    both.optimize(lambda trial: (1.0, 2.0), 2)
    return a_study(wrong={"no trials": study(0), "a failed trial": failed, "of two": both})


BOUNDS = {"upside down": [[1, 0], [0, 1]], "outside": [[0, 99], [0, 1]], "one row": [[0, 1]]}


def bounds():
    return numbers(near=BOUNDS, optional=True, called="bounds|booth")


CALLS |= {
    "plots.best_so_far": Call(
        lambda tmp: {
            "curves": {"random": [[1.0, 2.0], [3.0, 1.0]]},
            "direction": "minimize",
            "interval": 0.5,
            "xlabel": "epochs",
            "ax": axes(),
        },
        {
            "curves": mapping(
                near={
                    "a row": {"random": [1.0]},
                    "no numbers": {"random": "b"},
                    "None in it": {"random": None},
                    "of several lengths": {"random": [[1], [2, 3]]},
                    "a table": [[1, 2]],
                },
                called="curves|random",
            ),
            "direction": one_of(DIRECTIONS),
            "interval": real(above=0, high=1),
            "xlabel": text(),
            "ax": an_axes(),
        },
        changes=("ax",),
    ),
    "plots.color": Call(
        lambda tmp: {"name": "another", "position": 3},
        {"name": text(), "position": whole()},
    ),
    "plots.confusion_matrix": Call(
        lambda tmp: {"matrix": [[3, 1], [0, 2]], "ax": axes()},
        {
            "matrix": numbers(near={"not square": [[1, 2, 3], [4, 5, 6]], "one": [[1]]}),
            "ax": an_axes(),
        },
        changes=("ax",),
    ),
    "plots.device_costs": Call(
        lambda tmp: {"measured": [_record()], "ax": axes()},
        {"measured": kind(near={"one alone": _record(), "a name": ["here"]}), "ax": an_axes()},
        changes=("ax",),
    ),
    "plots.direct_labels": Call(
        lambda tmp: _lines(),
        {"ax": an_axes(optional=False), "gap": real(0, optional=True)},
        changes=("ax",),
    ),
    "plots.images": Call(
        lambda tmp: {"pictures": np.ones((3, 4)), "titles": ["a", "b", "c"], "columns": 2},
        {
            "pictures": numbers(near={"no squares": np.ones((3, 5)), "a row": np.ones(4)}),
            "titles": kind("an empty list", near={"too few": ["a"]}),
            "columns": whole(1),
        },
        figures=1,
    ),
    "plots.landscape": Call(
        lambda tmp: {
            "function": landscapes.get("booth"),
            "bounds": [[0.0, 1.0], [0.0, 1.0]],
            "log": False,
            "levels": 3,
            "minimizers": True,
            "ax": axes(),
        },
        {
            "function": a_landscape().but(wrong={"of three": landscapes.get("ackley", 3)}),
            "bounds": bounds(),
            "log": flag(),
            "levels": whole(2),
            "minimizers": flag(),
            "ax": an_axes(),
        },
        changes=("ax",),
    ),
    "plots.learning_curves": Call(
        lambda tmp: {"history": _history(), "metric": "accuracy", "label": "rate", "ax": axes()},
        {
            "history": mapping(near={"texts in it": {"accuracy": ["a"]}}, called="history|metric"),
            "metric": one_of(["accuracy"], called="metric"),
            "by": kind(near={"too many": [1, 2, 3], "another": "learning_rat"}, optional=True),
            "label": text(optional=True),
            "ax": an_axes(),
        },
        changes=("ax",),
    ),
    "plots.optimization_history": Call(
        lambda tmp: {"study": study(), "log": True, "ax": axes()},
        {"study": a_drawn_study(), "log": flag(), "ax": an_axes()},
        changes=("ax",),
    ),
    "plots.parallel_coordinates": Call(
        lambda tmp: {"study": study(), "best": 0.5, "ax": axes()},
        {"study": a_drawn_study(), "best": real(above=0, high=1), "ax": an_axes()},
        changes=("ax",),
    ),
    "plots.paths": Call(
        lambda tmp: {
            "function": landscapes.get("booth"),
            "runs": {"adam": [[0.0, 0.0], [1.0, 1.0]]},
            "ax": axes(),
            "levels": 3,
        },
        {
            "function": a_landscape(),
            "runs": mapping(near={"of three": {"a": np.ones((2, 3))}, "texts": {"a": ["b"]}}),
            "ax": an_axes(),
            "kwargs": keywords(
                {"one letter off": {"level": 3}, "below": {"levels": 1}, "no flag": {"log": 1}},
                called="levels?|log",
                raises=(ValueError, TypeError),  # Python refuses a name that it does not know
            ),
        },
        changes=("ax",),
    ),
    "plots.points": Call(
        lambda tmp: {"groups": {"a": [1.0, 2.0]}, "xlabel": "error", "ax": axes()},
        {
            "groups": mapping(near={"texts in it": {"a": ["b"]}, "a class in it": {"a": Blank}}),
            "xlabel": text(),
            "ax": an_axes(),
        },
        changes=("ax",),
    ),
    "plots.range_test": Call(
        lambda tmp: {"test": _range_test(), "ax": axes()},
        {"test": instance(), "ax": an_axes()},
        changes=("ax",),
    ),
    "plots.slices": Call(
        lambda tmp: {"study": study(), "names": ["rate", "kind"]},
        {
            "study": a_drawn_study(),
            "names": kind(
                near={
                    "one letter off": ["rat"],
                    "a name alone": "rate",
                    "a number in it": [3],
                    "lists in it": [["rate"]],
                    "an iterator": iter(["rate"]),
                    "keys": {"rate": 1},
                },
                optional=True,
                called="names|hyperparameter",
            ),
        },
        figures=1,
    ),
    "plots.surface": Call(
        lambda tmp: {
            "function": landscapes.get("booth"),
            "bounds": [[0.0, 1.0], [0.0, 1.0]],
            "log": True,
        },
        {
            "function": a_landscape().but(wrong={"of three": landscapes.get("ackley", 3)}),
            "bounds": bounds(),
            "log": flag(),
            "ax": an_axes(),
        },
        figures=1,
    ),
    "plots.sweep": Call(
        lambda tmp: {
            "settings": [0.5, 1.0],
            "values": [1.0, 2.0],
            "name": "adam",
            "log": True,
            "ax": axes(),
        },
        {
            "settings": numbers(near={"too many": [1.0, 2.0, 3.0]}),
            "values": numbers(near={"too many": [1.0, 2.0, 3.0]}).but("None in it"),
            "name": text(optional=True),
            "log": flag(),
            "ax": an_axes(),
        },
        changes=("ax",),
    ),
    "plots.use_style": Call(lambda tmp: {}),
    "records.load": Call(
        lambda tmp: {"name": "regret"},
        {"name": one_of(records.names(), called="record")},
    ),
    "records.names": Call(lambda tmp: {}),
}

# schedules


def _schedule(name, **given):
    from hpcourse import schedules

    return getattr(schedules, name)(**{"learning_rate": 0.5, **given})


def epochs():
    return _schedule("Cosine", duration=8.0, counts="epochs")


RATE, TIME, UNIT = real(above=0), real(above=0), one_of(["epochs", "updates"])
FINAL = real(0, 0.5)

CALLS |= {
    "schedules.Cosine": Call(
        lambda tmp: {"learning_rate": 0.5, "duration": 8.0, "final_learning_rate": 0.25},
        {"learning_rate": RATE, "duration": TIME, "final_learning_rate": FINAL, "counts": UNIT},
    ),
    "schedules.Exponential": Call(
        lambda tmp: {"learning_rate": 0.5, "decay": 0.5},
        {"learning_rate": RATE, "decay": real(0), "counts": UNIT},
    ),
    "schedules.OneCycle": Call(
        lambda tmp: {
            "learning_rate": 0.5,
            "duration": 8.0,
            "peak": 0.5,
            "div_factor": 2.0,
            "final_div_factor": 2.0,
        },
        {
            "learning_rate": RATE,
            "duration": TIME,
            "peak": real(above=0, below=1),
            "div_factor": real(1),
            "final_div_factor": real(1),
            "counts": UNIT,
        },
    ),
    "schedules.Polynomial": Call(
        lambda tmp: {
            "learning_rate": 0.5,
            "duration": 8.0,
            "final_learning_rate": 0.25,
            "power": 2.0,
        },
        {
            "learning_rate": RATE,
            "duration": TIME,
            "final_learning_rate": FINAL,
            "power": real(above=0),
            "counts": UNIT,
        },
    ),
    "schedules.Step": Call(
        lambda tmp: {"learning_rate": 0.5, "boundaries": [2.0, 4.0], "factor": 0.5},
        {
            "learning_rate": RATE,
            "boundaries": numbers(near={"falling": [2, 1], "zero": [0, 1]}),
            "factor": real(above=0, high=1),
            "counts": UNIT,
        },
    ),
    "schedules.TimeBased": Call(
        lambda tmp: {"learning_rate": 0.5, "decay": 0.5},
        {"learning_rate": RATE, "decay": real(0), "counts": UNIT},
    ),
    "schedules.WarmRestarts": Call(
        lambda tmp: {
            "learning_rate": 0.5,
            "first_cycle": 8.0,
            "final_learning_rate": 0.25,
            "t_mul": 2,
            "m_mul": 0.5,
        },
        {
            "learning_rate": RATE,
            "first_cycle": TIME,
            "final_learning_rate": FINAL,
            "t_mul": whole(1),
            "m_mul": real(above=0, high=1),
            "counts": UNIT,
        },
    ),
    "schedules.WarmUp": Call(
        lambda tmp: {"schedule": epochs(), "duration": 2.0, "initial_learning_rate": 0.25},
        {
            "schedule": instance(0.5),
            "duration": real(above=0, high=8),
            "initial_learning_rate": real(0, 0.5),
        },
    ),
    "schedules.Schedule.__call__": Call(
        lambda tmp: {"self": epochs(), "step": [0.0, 2.0, 8.0]},
        {
            "step": numbers(
                "a number", "an empty list", near={"below": [-1.0], "NaN in it": [np.nan]}
            )
        },
    ),
    "schedules.Schedule.to_epochs": Call(
        lambda tmp: {"self": epochs().to_updates(2), "steps_per_epoch": 2},
        {"steps_per_epoch": whole(1)},
    ),
    "schedules.Schedule.to_keras": Call(lambda tmp: {"self": epochs().to_updates(2)}, dear=True),
    "schedules.Schedule.to_updates": Call(
        lambda tmp: {"self": epochs(), "steps_per_epoch": 2},
        {"steps_per_epoch": whole(1)},
    ),
}

# search


def when():
    return mapping("a dict", optional=True, near={"an empty one": {}}).but("an empty dict")


def values(**more):
    """A number of values of a hyperparameter."""
    return whole(1, optional=True, **more)


def several(*, optional=True):
    near = {"a name one letter off": {"rat": 2}, "below": {"rate": 0}, "a half": {"rate": 2.5}}
    return whole(1, optional=optional, called="n|hyperparameter").but(
        "a dict", "an empty dict", wrong=near | {"a class in a dict": {"rate": Blank}}
    )


NAMED = {"a number": {"rate": 3}, "a class": {"rate": Float}, "a pair": {"rate": (0.5, 2.0)}}

CALLS |= {
    "search.Float": Call(
        lambda tmp: {"low": 0.5, "high": 2.0, "step": 0.5, "when": {"kind": ["a", "b"]}},
        {
            "low": real().but(wrong={"above high": 2.5}),
            "high": real().but(wrong={"below low": 0.0}),
            "log": flag(),
            "step": real(above=0, optional=True).but(wrong={"no part of the range": 0.4}),
            "when": when(),
        },
    ),
    "search.Int": Call(
        lambda tmp: {"low": 1, "high": 9, "step": 2, "when": {"kind": "a"}},
        {
            "low": whole(-3).but("below", wrong={"above high": 10}),
            "high": whole(1).but(wrong={"below low": 0}),
            "log": flag(),
            "step": whole(1).but(wrong={"no part of the range": 3}),
            "when": when(),
        },
    ),
    "search.Choice": Call(
        lambda tmp: {"options": [1, 2, 4], "ordered": True, "when": {"kind": "a"}},
        {
            "options": kind(near={"twice": [1, 1], "NaN in it": [np.nan], "a set": {1, 2}}),
            "ordered": flag(),
            "when": when(),
        },
    ),
    "search.Choice.place": Call(
        lambda tmp: {"self": Choice([1, 2, 4]), "value": 2},
        {"value": instance(0, 2.5, "2", [2], forms=(np.int64, np.float64))},
    ),
    "search.EvolutionSearch": Call(
        lambda tmp: {"population_size": 4, "mutation_rate": 0.25, "mutation_scale": 0.25},
        {
            "population_size": whole(2),
            "selection": one_of(["tournament", "truncation"]),
            "tournament_size": whole(1),
            "n_elite": whole(),
            "mutation_rate": real(0, 1),
            "mutation_scale": real(0, 1),
        },
    ),
    "search.GridSearch": Call(
        lambda tmp: {"n": {"rate": 2}, "shuffle": True, "seed": 3},
        {"n": several(), "shuffle": flag(), "seed": whole()},
        run=lambda **given: GridSearch(**given).suggest(space(), [], np.random.default_rng(0)),
    ),
    "search.ManualSearch": Call(
        lambda tmp: {"configurations": [PARAMS]},
        {
            "configurations": kind(
                near={"one alone": PARAMS, "a number in it": [3], "a set": {3}},
            )
        },
    ),
    "search.SobolSearch": Call(lambda tmp: {"seed": 3}, {"seed": whole(optional=True)}),
    "search.TPESearch": Call(
        lambda tmp: {"gamma": 0.25, "n_startup_trials": 2},
        {
            "gamma": real(above=0, below=1),
            "n_candidates": whole(1),
            "n_startup_trials": whole(),
            "multivariate": flag(),
            "prior_weight": real(above=0),
            "n_parallel": whole(1),
        },
    ),
    "search.Reports": Call(
        lambda tmp: {"direction": "maximize"}, {"direction": one_of(DIRECTIONS)}
    ),
    "search.Reports.at": Call(lambda tmp: {"self": Reports(), "step": 3}, {"step": whole()}),
    "search.Reports.of": Call(lambda tmp: {"self": Reports(), "number": 3}, {"number": whole()}),
    "search.Reports.state": Call(lambda tmp: {"self": Reports(), "number": 3}, {"number": whole()}),
    "search.Reports.take": Call(
        lambda tmp: {"self": Reports(), "event": {"number": 0, "step": 1, "value": 0.5}},
        {
            "event": mapping(
                near={
                    "no number": {"step": 1, "value": 0.5},
                    "no value": {"number": 0, "step": 1},
                    "another state": {"number": 0, "state": "RUNING"},
                    "a text for a value": {"number": 0, "step": 1, "value": "a"},
                }
            )
        },
        changes=("self",),
    ),
    "search.Space": Call(
        lambda tmp: {"rate": Float(0.5, 2.0)},
        {"parameters": keywords(NAMED, called="rate")},
    ),
    "search.Space.active": Call(
        lambda tmp: {"self": space(), "name": "rate", "params": dict(PARAMS)},
        {
            "name": one_of(PARAMS, called="hyperparameter"),
            "params": mapping("a dict", "an empty dict"),
        },
    ),
    "search.Space.assemble": Call(
        lambda tmp: {"self": space(), "choose": Spy(PARAMS.get)}, {"choose": function()}
    ),
    "search.Space.canonical": Call(
        lambda tmp: {"self": space(), "params": dict(PARAMS)}, {"params": configuration()}
    ),
    "search.Space.check": Call(
        lambda tmp: {"self": space(), "params": dict(PARAMS)}, {"params": configuration()}
    ),
    "search.Space.completed": Call(
        lambda tmp: {
            "self": space(),
            "known": {"rate": 1.0},
            "rest": dict(PARAMS),
            "rng": np.random.default_rng(0),
        },
        {
            "known": configuration(called="known|hyperparameter|rate|units|kind").but(
                "an empty dict", "one missing"
            ),
            "rest": mapping("a dict", "an empty dict"),
            "rng": generator(),
        },
        changes=("rng",),
    ),
    "search.Space.from_unit": Call(
        lambda tmp: {"self": space(), "u": [0.5, 0.5, 0.5]},
        {
            "u": numbers(
                near={
                    "too few": [0.5],
                    "outside": [0.5, 1.5, 0.5],
                    "NaN in it": [np.nan, 0.5, 0.5],
                    "rows": np.full((2, 3), 0.5),
                },
                called="u|rate|units|kind",
            )
        },
    ),
    "search.Space.grid": Call(
        lambda tmp: {"self": space(), "n": {"rate": 2}},
        {"n": several(optional=False)},
        run=lambda self, n: list(self.grid(n)),
    ),
    "search.Space.sample": Call(
        lambda tmp: {"self": space(), "rng": np.random.default_rng(0)},
        {"rng": generator()},
        changes=("rng",),
    ),
    "search.Space.snap": Call(
        lambda tmp: {"self": space(), "points": np.full((2, 3), 0.5)},
        {
            "points": numbers(
                near={"a row": [0.5] * 3, "too wide": np.ones((2, 4)), "outside": [[1.5, 0, 0]]}
            ).but("None in it")
        },
    ),
    "search.Space.to_dict": Call(lambda tmp: {"self": space()}),
    "search.Space.to_unit": Call(
        lambda tmp: {"self": space(), "params": dict(PARAMS)}, {"params": configuration()}
    ),
    "search.Study": Call(
        lambda tmp: {
            "space": space(),
            "searcher": RandomSearch(),
            "seed": 3,
            "storage": tmp / "study.jsonl",
        },
        {
            "space": a_space(),
            "searcher": a_searcher(),
            "direction": one_of(DIRECTIONS),
            "pruner": instance(lambda trial: False, optional=True),
            "seed": whole(optional=True),
            "storage": path(optional=True).but("bytes"),
            "directions": kind(
                optional=True,
                near={"a name alone": "minimize", "one letter off": ["minimise"]},
                called="directions?",
            ),
        },
    ),
    "search.Study.add_trial": Call(
        lambda tmp: {
            "self": study(1),
            "params": dict(PARAMS),
            "value": 0.5,
            "state": TrialState.COMPLETE,
            "intermediate_values": {0: 0.5},
            "user_attrs": {"key": 3},
        },
        {
            "params": configuration(),
            # What is no number is a TypeError, as of an objective.
            "value": instance([0.5], optional=True, raises=(TypeError,)).but(
                "a number", "NaN", "infinity", "True", forms=(np.float64,)
            ),
            "state": instance("COMPLETE", TrialState.RUNNING, TrialState, optional=True),
            "intermediate_values": mapping(
                "an empty dict",
                optional=True,
                near={"a text": {0: "a"}, "a half": {0.5: 1.0}, "below": {-1: 1.0}},
                called="intermediate_values|reported value|step",
                raises=(ValueError, TypeError),
            ),
            "user_attrs": mapping(
                "an empty dict",
                optional=True,
                near={"a number for a key": {3: 3}},
                called="user_attrs|key|value",
            ),
        },
        changes=("self",),
    ),
    "search.Study.ask": Call(
        lambda tmp: {"self": study(1), "n": 2}, {"n": whole(1, optional=True)}, changes=("self",)
    ),
    "search.Study.ask_ready": Call(
        lambda tmp: {"self": study(1), "n": 2}, {"n": whole(1)}, changes=("self",)
    ),
    "search.Study.enqueue_trial": Call(
        lambda tmp: {"self": study(1), "params": dict(PARAMS)},
        {"params": configuration().but("an empty dict", "one missing")},
        changes=("self",),
    ),
    "search.Study.optimize": Call(
        lambda tmp: {
            "self": study(1),
            "objective": Spy(_objective),
            "n_trials": 2,
            "timeout": 60.0,
            "callbacks": [Spy(lambda study, trial: None)],
        },
        {
            "objective": function(),
            "n_trials": whole(optional=True),
            "n_jobs": whole(-1).but("below", wrong={"zero": 0}),
            "timeout": real(above=0, optional=True),
            "catch": kind("an empty list", "an empty dict", near={"an object": [ValueError()]}),
            "callbacks": functions(),
            "show_progress_bar": flag(),
        },
        changes=("self",),
    ),
    "search.Study.reports": Call(
        lambda tmp: {"self": pruned_study(), "n_events": 3}, {"n_events": whole(optional=True)}
    ),
    "search.Study.stop": Call(lambda tmp: {"self": study(1)}, changes=("self",)),
    "search.Study.tell": Call(
        lambda tmp: asked() | {"value": 0.5, "state": TrialState.COMPLETE},
        {
            "trial": instance(-1, 99, Trial, "1"),
            "value": instance([0.5], optional=True, raises=(TypeError,)).but(
                "a number", "NaN", "infinity", "True", forms=(np.float64,)
            ),
            "state": instance("COMPLETE", TrialState.RUNNING, TrialState, optional=True),
        },
        changes=("self",),
    ),
    "search.Study.trials_dataframe": Call(lambda tmp: {"self": study()}, dear=True),
    "search.Trial.copy": Call(lambda tmp: {"self": Trial(0, dict(PARAMS))}),
    "search.Trial.report": Call(
        lambda tmp: {"self": Trial(0, dict(PARAMS)), "value": 0.5, "step": 2},
        {
            # As of an objective: what is no number is a TypeError.
            "value": instance([0.5], raises=(TypeError,)).but(
                "a number", "NaN", "infinity", "True", forms=(np.float64,)
            ),
            "step": whole(),
        },
        changes=("self",),
    ),
    "search.Trial.set_user_attr": Call(
        lambda tmp: {"self": Trial(0, dict(PARAMS)), "key": "note", "value": [1, 2]},
        {
            "key": text(),
            "value": instance({1, 2}, [np.nan]).but(
                "None", "a number", "a text", "True", "an empty list", "an empty dict"
            ),
        },
        changes=("self",),
    ),
    "search.Trial.should_prune": Call(lambda tmp: {"self": Trial(0, dict(PARAMS))}),
    "search.study_seed": Call(lambda tmp: {"rng": np.random.default_rng(3)}, {"rng": generator()}),
}

for of, given, right, wrong in (
    ("a Float", Float(0.5, 2.0), 1.0, (0.25, "1.0", [1.0])),
    ("an Int", Int(1, 8), 2, (0, 2.5, "2")),
    ("a Choice", Choice([1, 2, 4], ordered=True), 2, (3, 2.5, "2")),
):
    CALLS |= {
        f"search.Dimension.values of {of}": Call(
            lambda tmp, given=given: {"self": given, "n": 2},
            {"n": values()},
        ),
        f"search.Dimension.own of {of}": Call(
            lambda tmp, given=given, right=right: {"self": given, "value": right},
            {"value": instance(*wrong, forms=(np.float64,)).but("a number")},
        ),
        f"search.Dimension.contains of {of}": Call(
            lambda tmp, given=given, right=right: {"self": given, "value": right}
        ),
        f"search.Dimension.to_unit of {of}": Call(
            lambda tmp, given=given, right=right: {"self": given, "value": right}
        ),
        f"search.Dimension.to_units of {of}": Call(
            lambda tmp, given=given, right=right: {"self": given, "values": [right, right]}
        ),
        f"search.Dimension.from_unit of {of}": Call(
            lambda tmp, given=given: {"self": given, "u": 0.5}
        ),
    }
    for name in ("encode", "from_units", "share", "snap"):
        CALLS[f"search.Dimension.{name} of {of}"] = Call(
            lambda tmp, given=given: {"self": given, "u": np.array([0.25, 0.75])}
        )


def _searchers():
    """A searcher of each class."""
    bayesian = hpcourse.BayesianSearch(n_initial_points=2)
    return {
        "a BayesianSearch": bayesian,
        "an EvolutionSearch": hpcourse.EvolutionSearch(2),
        "a GridSearch": GridSearch(2, shuffle=True),
        "a ManualSearch": ManualSearch([PARAMS]),
        "an OptunaSearch": hpcourse.OptunaSearch(_sampler()),
        "a RandomSearch": RandomSearch(),
        "a SobolSearch": SobolSearch(),
        "a TPESearch": TPESearch(n_startup_trials=2),
    }


# What studies alone call: nothing wrong comes there, and what is the caller's is left as it was.
for of in _searchers():
    CALLS |= {
        f"search.Searcher.suggest of {of}": Call(
            lambda tmp, of=of: {
                "self": _searchers()[of],
                "space": space(),
                "trials": study().trials,
                "rng": np.random.default_rng((0, 4)),
            },
            changes=("self", "rng"),  # some keep what they have computed
        ),
        f"search.Searcher.horizon of {of}": Call(
            lambda tmp, of=of: {"self": _searchers()[of], "number": 4, "space": space()}
        ),
    }

CALLS |= {
    "search.Space.to_units": Call(
        lambda tmp: {"self": space(), "configurations": [PARAMS]},
        {"configurations": kind("an empty list", near={"one alone": PARAMS, "numbers": [3]})},
    ),
    "search.Trial": Call(lambda tmp: {"number": 0, "params": dict(PARAMS)}),
    "bayes.Surrogate.posterior": Call(
        lambda tmp: {"self": _surrogate(), "x": np.full((2, 3), 0.5)}
    ),
    "bayes.Surrogate.believe": Call(
        lambda tmp: {"self": _surrogate(), "x": np.full((2, 3), 0.5)}, changes=("self",)
    ),
    "bayes.Surrogate.fit": Call(
        lambda tmp: {
            "self": _surrogate(),
            "x": np.linspace(0, 1, 12).reshape(4, 3),
            "y": np.array([1.0, 2.0, 3.0, 3.0]),
            "failed": np.array([False, False, False, True]),
        },
        changes=("self",),
    ),
}

# tabular


def units_of_table():
    near = {"another": {"units": 3}, "in a list": [{"units": 2}], "its pairs": [("units", 2)]}
    return mapping(near=near, called="params|units|hyperparameter")


CALLS |= {
    "tabular.Table": Call(
        lambda tmp: small_table(),
        {
            "arrays": mapping(
                near={"one missing": {"hits": np.ones((2, 2, 3))}, "its pairs": [("hits", 1)]}
            ),
            "about": mapping(
                near={"one missing": {"axes": {"units": [1, 2]}}, "its pairs": [("epochs", 1)]}
            ),
            "metric": one_of(METRICS),
            "seed": whole(0, 1, optional=True),
        },
    ),
    "tabular.Table.best": Call(
        lambda tmp: {"self": Table(**small_table()), "epochs": 2},
        {"epochs": whole(1, 3, optional=True)},
    ),
    "tabular.Table.curves": Call(
        lambda tmp: {"self": Table(**small_table()), "params": {"units": 2}, "metric": "loss"},
        {
            "params": units_of_table(),
            "metric": one_of(METRICS, optional=True),
        },
    ),
    "tabular.Table.index": Call(
        lambda tmp: {"self": Table(**small_table()), "params": {"units": 2}},
        {"params": units_of_table()},
    ),
    "tabular.Table.objective": Call(
        lambda tmp: {"self": Table(**small_table()), "trial": Trial(0, {"units": 2})},
        {"trial": instance(Trial, {"units": 2}, [{"units": 2}])},
        changes=("trial",),
    ),
    "tabular.Table.params": Call(
        lambda tmp: {"self": Table(**small_table()), "index": 1},
        {
            "index": whole(0, 1).but(
                wrong={
                    "nothing": (),
                    "too many": (0, 0),
                    "outside": (2,),
                    "minus one": (-1,),
                    "2.5": (2.5,),
                    "its text in it": ("1",),
                }
            )
        },
    ),
    "tabular.Table.replay": Call(
        lambda tmp: {
            "self": Table(**small_table()),
            "make": Spy(lambda seed: RandomSearch()),
            "n_trials": 2,
            "n_seeds": 2,
        },
        {
            "make": function().but(
                wrong={
                    "a searcher": RandomSearch(),
                    "of no seed": RandomSearch,
                    "one that takes nothing": lambda: RandomSearch(),
                }
            ),
            "n_trials": whole(1),
            "n_seeds": whole(1),
        },
    ),
    "tabular.Table.values": Call(
        lambda tmp: {"self": Table(**small_table()), "epochs": 2},
        {"epochs": whole(1, 3, optional=True)},
    ),
    "tabular.load_table": Call(
        lambda tmp: {"name": "mnist_mlp", "metric": "loss", "seed": 1},
        {
            "name": one_of(["mnist_mlp"], called="table|name"),
            "metric": one_of(METRICS),
            "seed": whole(0, 2, optional=True),
        },
    ),
}

# training


def _population():
    return hpcourse.Population([{"units": (3,)}, {"units": (3,)}], (4,), 3)


def _model(**more):
    made = _network(seed=0)
    made.compile("sgd", "sparse_categorical_crossentropy")
    return made


def _pair():
    return [_network(seed=0), _network(seed=1)]


NETWORK = _network(seed=0)

CONFIGURATIONS = {
    "one alone": {"units": (3,)},
    "a number in it": [3],
    "None in it": [None],
    "a name in it": ["units"],
    "an iterator": iter([{}]),
    "a key one letter off": [{"unit": (3,)}],
    "another optimizer": [{"optimizer": "adma"}],
    "no rate": [{"learning_rate": 0.0}],
    "a class for a rate": [{"learning_rate": Blank}],
    "1 for True": [{"nesterov": 1}],
    "another optimizer's number": [{"optimizer": "adam", "rho": 0.5}],
    "another normalization": [{"normalization": "group"}],
    "a negative decay": [{"weight_decay": -0.5}],
    "two bounds of gradients": [{"clipnorm": 0.5, "clipvalue": 0.5}],
    "too few factors": [{"units": (3,), "lr_factors": [0.5]}],
}


def configurations():
    called = "configurations|unit|optimizer|learning_rate|nesterov|normalization"
    return kind(near=CONFIGURATIONS, called=called)


def samples(wide=4, called="x|sample"):
    near = {"too wide": np.ones((12, wide + 1)), "a row": np.ones(12), "NaN in it": _with_nan()}
    near |= {"too narrow": np.ones((12, wide - 1)), "one sample": np.ones(wide)}
    near |= {"no samples": np.ones((0, wide)), "infinity in it": np.full((12, wide), np.inf)}
    return numbers(near=near, like=np.ones((12, wide)), called=called)


def _with_nan():
    x = images()[0]
    x[3, 2] = np.nan
    return x


def classes(called="y"):
    near = {"too few": [1], "below": [-1] * 12, "above": [3] * 12, "halves": [0.5] * 12}
    return numbers(near=near | {"NaN in it": [np.nan] * 12}, like=[1] * 12, called=called)


def pair():
    x, y = images()
    near = {"x alone": x, "three": (x, y, y), "a class in it": (x, Blank), "too few": (x, y[:3])}
    near |= {"one in a tuple": (x,), "two letters": "ab", "None for x": (None, y)}
    near |= {"texts for x": (x.astype(str), y), "infinity in x": (np.full_like(x, np.inf), y)}
    near |= {"None for y": (x, None), "above in y": (x, [3] * 12)}
    near |= {"lists of several lengths for y": (x, [[1.0], [2.0, 3.0]])}
    return kind(near=near, optional=True, called="validation_data|validation x|validation y")


def members(**more):
    near = {"beyond": [2], "a half": [0.5], "too many flags": [True] * 3, "too few": [True]}
    near |= {"2": 2, "-3": -3, "0.5": 0.5, "a table": [[0]]}
    return numbers("a number", near=near, **more)


FIT = {
    "x": samples(),
    "y": classes(),
    "epochs": whole(1),
    "batch_size": whole(1),
    "validation_data": pair(),
}
SHAPE = {"input_shape": wholes(1, 1), "n_classes": whole(2)}


def _xy(n=12):
    return dict(zip("xy", images(n), strict=True))


CALLS |= {
    "training.Batches": Call(
        lambda tmp: _xy() | {"batch_size": 4, "sample_weight": np.ones(12), "seed": 3},
        {
            "x": numbers("None in it", "texts", near={"too few": np.ones((3, 4))}),
            "y": numbers("None in it", "texts", near={"too few": np.ones(3)}),
            "batch_size": whole(1),
            "sample_weight": numbers(optional=True, near={"too few": [1.0], "NaN": [np.nan] * 12}),
            "seed": whole(),
            "initial_epoch": whole(),
        },
    ),
    "training.LRRangeTest": Call(
        lambda tmp: {
            "learning_rates": np.geomspace(0.25, 2.0, 4),
            "losses": np.ones(4),
            "suggestion": 0.5,
        },
        {
            "learning_rates": numbers(
                near={
                    "too few": np.ones(3),
                    "NaN in it": [np.nan, 1.0, 1.0, 1.0],
                    "a table": np.ones((1, 4)),
                },
                like=np.ones(4),
            ),
            "losses": numbers(
                near={"too few": np.ones(3), "a table": np.ones((1, 4))}, like=np.ones(4)
            ),
            "suggestion": real(above=0),
        },
    ),
    "training.Population": Call(
        lambda tmp: {
            "configurations": [{"units": (3,)}],
            "input_shape": (4,),
            "n_classes": 3,
            "seed": 3,
        },
        {"configurations": configurations(), **SHAPE, "seed": whole()},
    ),
    "training.Population.copy_weights": Call(
        lambda tmp: {"self": _population(), "source": 0, "target": [1]},
        {"source": members().but(wrong={"more than targets": [0, 1, 1]}), "target": members()},
        changes=("self",),
    ),
    "training.Population.evaluate": Call(
        lambda tmp: {"self": _population(), **_xy()},
        {"x": samples(), "y": classes()},
        dear=True,
    ),
    "training.Population.fit": Call(
        lambda tmp: {
            "self": _population(),
            **_xy(),
            "epochs": 1,
            "batch_size": 6,
            "validation_data": images(6),
            "callbacks": [Spy(lambda population, epoch, logs: None)],
        },
        FIT | {"callbacks": functions()},
        changes=("self",),
        dear=True,
    ),
    "training.Population.predict": Call(
        lambda tmp: {"self": _population(), "x": images()[0]}, {"x": samples()}, dear=True
    ),
    "training.Population.select": Call(
        lambda tmp: {"self": _population(), "indices": [1]}, {"indices": members()}
    ),
    "training.Population.to_keras": Call(
        lambda tmp: {"self": _population(), "i": 1}, {"i": whole(-2, 1)}
    ),
    "training.RestartLearningRate": Call(
        lambda tmp: {"after": [2, 4], "schedule": epochs()},
        {
            "after": wholes(1, 1).but(wrong={"falling": [2, 1]}),
            "schedule": function(optional=True).but(
                wrong={
                    "of updates": _schedule("Cosine", duration=8.0),
                    "its class": Cosine,
                    "one that takes nothing": lambda: 0.5,
                }
            ),
        },
    ),
    "training.latest_checkpoint": Call(
        lambda tmp: {"folder": tmp},
        {"folder": path().but(wrong={"bytes": b"here", "a file": __file__})},
    ),
    "training.lr_range_test": Call(
        lambda tmp: {
            "model": _model(),
            **_xy(),
            "low": 0.0625,
            "high": 0.5,
            "n_updates": 10,
            "batch_size": 4,
            "seed": 3,
        },
        {
            "model": instance(keras.Model),
            "x": samples().but(wrong={"too few": np.ones((3, 4))}),
            "y": numbers(near={"too few": [1], "NaN in it": [np.nan] * 12}, like=[1] * 12),
            "low": real(above=0, below=0.5, called="low|high"),
            "high": real(above=0.0625).but(wrong={"zero": 0}),
            "n_updates": whole(10),
            "batch_size": whole(1),
            "seed": whole(),
        },
        dear=True,
    ),
    "training.mlp": Call(
        lambda tmp: {
            "units": (3, 2),
            "input_shape": (4,),
            "n_classes": 3,
            "dropout": 0.25,
            "l2": 0.5,
            "normalization": "batch",
            "residual": True,
            "seed": 3,
        },
        {
            "units": wholes(1),
            **SHAPE,
            "activation": one_of(["relu", "tanh"], case=False).but(
                wrong={"a class of Keras": keras.layers.ReLU}
            ),
            "initializer": one_of(["glorot_uniform", "he_normal"], case=False).but(
                wrong={"a part of one": "he", "its class": keras.initializers.HeNormal}
            ),
            "dropout": real(0, below=1).but(
                "in a list",
                wrong={
                    "too few": [0.25],
                    "too many": [0.25] * 3,
                    "too many zeros": np.zeros(3),
                    "of several lengths": [[0.25], [0.25, 0.5]],
                },
            ),
            "l2": real(0),
            "normalization": one_of(["batch", "layer"], optional=True),
            "residual": flag(),
            "seed": whole(optional=True),
        },
    ),
    "training.side_by_side": Call(
        lambda tmp: {"networks": _pair()},
        {
            "networks": kind(
                near={
                    "one alone": NETWORK,
                    "None in it": [NETWORK, None],
                    "a number in it": [3],
                    "its class": [keras.Sequential],
                }
            )
        },
    ),
    "training.train_all": Call(
        lambda tmp: {
            "configurations": [{"units": (3,)}],
            **_xy(),
            "epochs": 1,
            "batch_size": 6,
            "input_shape": (4,),
            "n_classes": 3,
        },
        {"configurations": configurations(), **FIT, **SHAPE, "seed": whole()},
        dear=True,
    ),
}
