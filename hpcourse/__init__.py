"""A course on tuning the hyperparameters of neural networks, as a package.

>>> from hpcourse import Float, RandomSearch, Space, Study, landscapes
>>> beale = landscapes.get("beale")
>>> study = Study(Space(x=Float(-4.5, 4.5), y=Float(-4.5, 4.5)), RandomSearch(), seed=0)
>>> study.optimize(lambda trial: beale([trial.params["x"], trial.params["y"]]), n_trials=50)
>>> study.best_value < 10
True

What is used most is here by name, and every room of the package as a module. Both are loaded when
they are asked for: what builds no network loads no Keras, what draws nothing no matplotlib.
"""

from importlib import import_module as _import_module
from importlib.metadata import version as _version
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # for type checkers and editors; a test compares it with _HOMES
    from hpcourse import analysis as analysis
    from hpcourse import bayes as bayes
    from hpcourse import bridges as bridges
    from hpcourse import claims as claims
    from hpcourse import compute as compute
    from hpcourse import datasets as datasets
    from hpcourse import grading as grading
    from hpcourse import landscapes as landscapes
    from hpcourse import plots as plots
    from hpcourse import records as records
    from hpcourse import schedules as schedules
    from hpcourse import search as search
    from hpcourse import tabular as tabular
    from hpcourse import training as training
    from hpcourse.bayes import BayesianSearch as BayesianSearch
    from hpcourse.bayes import gp_minimize as gp_minimize
    from hpcourse.bridges.optuna import OptunaSearch as OptunaSearch
    from hpcourse.bridges.sklearn import KerasClassifier as KerasClassifier
    from hpcourse.bridges.sklearn import SearchCV as SearchCV
    from hpcourse.claims import claim as claim
    from hpcourse.search import Choice as Choice
    from hpcourse.search import EvolutionSearch as EvolutionSearch
    from hpcourse.search import Float as Float
    from hpcourse.search import GridSearch as GridSearch
    from hpcourse.search import Int as Int
    from hpcourse.search import ManualSearch as ManualSearch
    from hpcourse.search import RandomSearch as RandomSearch
    from hpcourse.search import SobolSearch as SobolSearch
    from hpcourse.search import Space as Space
    from hpcourse.search import Study as Study
    from hpcourse.search import TPESearch as TPESearch
    from hpcourse.search import Trial as Trial
    from hpcourse.search import TrialPruned as TrialPruned
    from hpcourse.search import TrialState as TrialState
    from hpcourse.tabular import Table as Table
    from hpcourse.tabular import load_table as load_table
    from hpcourse.training import Batches as Batches
    from hpcourse.training import Population as Population
    from hpcourse.training import mlp as mlp
    from hpcourse.training import train_all as train_all

_HOMES = {
    "bayes": "BayesianSearch gp_minimize",
    "bridges.optuna": "OptunaSearch",
    "bridges.sklearn": "KerasClassifier SearchCV",
    "claims": "claim",
    "search": "Choice EvolutionSearch Float GridSearch Int ManualSearch RandomSearch SobolSearch "
    "Space Study TPESearch Trial TrialPruned TrialState",
    "tabular": "Table load_table",
    "training": "Batches Population mlp train_all",
}
_NAMES = {name: home for home, names in _HOMES.items() for name in names.split()}
_ROOMS = ["analysis", "bayes", "bridges", "claims", "compute", "datasets", "grading", "landscapes"]
_ROOMS += ["plots", "records", "schedules", "search", "tabular", "training"]

__version__ = _version("hpcourse")
__all__ = [*_NAMES, *_ROOMS]


def __getattr__(name: str) -> object:
    if name in _ROOMS:
        return _import_module(f"hpcourse.{name}")
    if name in _NAMES:
        return getattr(_import_module(f"hpcourse.{_NAMES[name]}"), name)
    raise AttributeError(f"module 'hpcourse' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
