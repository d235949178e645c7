from .base import Schedule
from .cycles import OneCycle, WarmRestarts, WarmUp
from .decays import Cosine, Exponential, Polynomial, Step, TimeBased

__all__ = [
    "Cosine",
    "Exponential",
    "OneCycle",
    "Polynomial",
    "Schedule",
    "Step",
    "TimeBased",
    "WarmRestarts",
    "WarmUp",
]
