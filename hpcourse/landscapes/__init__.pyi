from .catalog import Landscape, get, names
from .contest import compare
from .descent import UPDATE_RULES, descend

__all__ = ["UPDATE_RULES", "Landscape", "compare", "descend", "get", "names"]
