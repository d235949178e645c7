"""Registers the Keras classes of this package with Keras, without importing Keras.

Keras looks for the class of a saved object among those that were registered. Importing Keras
takes seconds, so a module that must stay light cannot register its classes itself, and a
program that loads a model may import the package and Keras in either order. Importing this
module registers them at once where Keras has been imported, and as soon as it is where not.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import PathFinder

CLASSES = "hpcourse._keras_schedules"


class _AfterKeras:
    """Finds Keras for the import system as ever, and has the classes follow it."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != "keras" or (spec := PathFinder.find_spec(name, path)) is None:
            return None
        execute = spec.loader.exec_module

        def execute_and_register(module):
            execute(module)
            import_module(CLASSES)

        spec.loader.exec_module = execute_and_register
        return spec


if "keras" in sys.modules:
    import_module(CLASSES)
else:
    sys.meta_path.insert(0, _AfterKeras)
