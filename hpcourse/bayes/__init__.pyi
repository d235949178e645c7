from .bayesian_search import BayesianSearch
from .drop_in import gp_minimize
from .surrogates import Surrogate

__all__ = ["BayesianSearch", "Surrogate", "gp_minimize"]
