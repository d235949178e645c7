from .answer import Answer, Local, Wrong
from .exercise import Exercise, Part, load, names
from .feedback_cell import Feedback, check

__all__ = ["Answer", "Exercise", "Feedback", "Local", "Part", "Wrong", "check", "load", "names"]
