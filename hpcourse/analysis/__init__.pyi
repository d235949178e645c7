from .progress import running_best

__all__ = ["running_best"]
