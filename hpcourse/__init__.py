"""A course on tuning the hyperparameters of neural networks, as a package.

Import the module you need: ``from hpcourse import landscapes, datasets``. Importing
the package loads neither TensorFlow nor Keras; the modules that build networks do.
"""

from importlib.metadata import version as _version

__version__ = _version("hpcourse")
