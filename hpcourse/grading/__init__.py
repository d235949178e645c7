"""Graded problem sets: instant feedback for learners, marks for instructors.

In a problem set's notebook, :func:`check` judges an answer at once:

>>> from hpcourse.grading import check
>>> def exponential(epoch, learning_rate, decay):
...     return learning_rate * decay**epoch
>>> print(check("schedules", exponential=exponential))  # doctest: +SKIP

It runs in the learner's own process and so proves nothing to anybody else. What counts is

.. code-block:: text

    python -m hpcourse.grading grade schedules notebook.ipynb
    python -m hpcourse.grading grade-all schedules submissions/ --csv marks.csv

where the learner's code runs in a process that is shut off from everything
(:mod:`hpcourse.grading.sandbox`) and the checks stay outside of it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
