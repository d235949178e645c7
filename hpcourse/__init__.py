"""A course on tuning the hyperparameters of neural networks, as a package.

>>> from hpcourse import Float, RandomSearch, Space, Study, landscapes
>>> beale = landscapes.get("beale")
>>> study = Study(Space(x=Float(-4.5, 4.5), y=Float(-4.5, 4.5)), RandomSearch(), seed=0)
>>> study.optimize(lambda trial: beale([trial.params["x"], trial.params["y"]]), n_trials=50)
>>> study.best_value < 10
True

What is used most is here by name, and every room of the package as a module. Both are loaded when
they are asked for, as ``__init__.pyi`` says, here and in every room: what builds no network loads
no Keras, what draws nothing no matplotlib.
"""

import sys

if sys.argv[:1] == ["-m"] and f"{__name__}.grading" in sys.orig_argv and not sys.flags.safe_path:
    del sys.path[0]  # the current folder, which may be one of submissions

from importlib.metadata import version

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__version__ = version("hpcourse")
