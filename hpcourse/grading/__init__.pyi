from .answer import Answer, Local, Part, Wrong
from .exercise import Exercise, load, names
from .feedback_cell import Feedback, check

__all__ = ["Answer", "Exercise", "Feedback", "Local", "Part", "Wrong", "check", "load", "names"]
