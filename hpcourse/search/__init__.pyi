from .basic import GridSearch, ManualSearch, RandomSearch, SobolSearch
from .dimensions import Choice, Float, Int
from .evolution import EvolutionSearch
from .reports import Reports
from .searcher import Pruner, Searcher, study_seed
from .space import Space
from .study import Study
from .tpe import TPESearch
from .trial import Trial, TrialPruned, TrialState

__all__ = [
    "Choice",
    "EvolutionSearch",
    "Float",
    "GridSearch",
    "Int",
    "ManualSearch",
    "Pruner",
    "RandomSearch",
    "Reports",
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
