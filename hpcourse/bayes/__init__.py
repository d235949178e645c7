"""Bayesian optimization: a model of the objective says where to look next.

The models are scikit-optimize's. What is ours around them: the objective is warped until the
model fits it, the hyperparameters of the model and of the warp are those with the greatest
evidence, and the acquisition functions are computed as logarithms and climbed by gradient.

>>> from hpcourse import gp_minimize, landscapes
>>> beale = landscapes.get("beale")
>>> result = gp_minimize(beale, list(map(tuple, beale.bounds)), n_calls=30, random_state=0)
>>> result.fun < 0.1
True

All that this package needs of scikit-optimize stands in ``surrogates`` and ``drop_in``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
