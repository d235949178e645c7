"""Search spaces, strategies and studies: which configuration to try next, and what came of it.

>>> from hpcourse import Float, RandomSearch, Space, Study
>>> study = Study(Space(x=Float(-5, 5)), RandomSearch(), seed=1)
>>> study.optimize(lambda trial: (trial.params["x"] - 2) ** 2, n_trials=20)
>>> study.best_value < 1
True
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
