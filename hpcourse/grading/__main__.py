"""Mark from the command line: ``hpcourse-grade``, or ``python -P -m hpcourse.grading``.

Without ``-P`` Python looks for modules in the current folder first, which may be one of
submissions. :mod:`hpcourse` drops it before it imports anything; still, what lies there and has the
name of a module is a reason to stop, since Python itself may have run it before.
"""

from __future__ import annotations

import os
import sys

_OTHERS = {"filelock", "hpcourse", "joblib", "lazy_loader", "numpy", "scipy", "sklearn", "tqdm"}


def refuse_shadows() -> None:
    """Stop where the current folder is searched for modules and has some."""
    if sys.flags.safe_path:
        return
    here = os.getcwd()
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for name in os.listdir(here):
        module = name.split(".")[0]
        own = os.path.abspath(name) == package
        if module in sys.stdlib_module_names | _OTHERS and not own and not name.endswith(".ipynb"):
            sys.exit(
                f"{name} in this folder hides a module, and may be run in its place: use "
                "hpcourse-grade or python -P -m hpcourse.grading"
            )


if __name__ == "__main__":
    refuse_shadows()
    from hpcourse.grading.command import script

    script()
