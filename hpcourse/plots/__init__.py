"""The course's figures. Each function draws on an Axes and returns it.

One palette for the whole course: Okabe and Ito's for categories (a method keeps its color
from chapter to chapter), viridis for magnitudes, one gray for what is only context.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
