"""What a study has to say, as numbers; ``plots`` draws them."""

from hpcourse.analysis.progress import running_best

__all__ = ["running_best"]
