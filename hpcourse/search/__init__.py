"""Search spaces, strategies and studies: which configuration to try next, and what came of it.

>>> from hpcourse import Float, RandomSearch, Space, Study
>>> study = Study(Space(x=Float(-5, 5)), RandomSearch(), seed=1)
>>> study.optimize(lambda trial: (trial.params["x"] - 2) ** 2, n_trials=20)
>>> study.best_value < 1
True
"""

from hpcourse.search.basic import GridSearch, ManualSearch, RandomSearch, SobolSearch
from hpcourse.search.dimensions import Choice, Float, Int
from hpcourse.search.evolution import EvolutionSearch
from hpcourse.search.searcher import Pruner, Searcher, study_seed
from hpcourse.search.space import Space
from hpcourse.search.study import Study
from hpcourse.search.tpe import TPESearch
from hpcourse.search.trial import Trial, TrialPruned, TrialState

__all__ = [
    "Choice",
    "EvolutionSearch",
    "Float",
    "GridSearch",
    "Int",
    "ManualSearch",
    "Pruner",
    "RandomSearch",
    "Searcher",
    "SobolSearch",
    "Space",
    "Study",
    "TPESearch",
    "Trial",
    "TrialPruned",
    "TrialState",
    "study_seed",
]
