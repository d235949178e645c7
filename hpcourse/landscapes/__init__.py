"""Test functions with known minima, and gradient-based optimizers that descend them.

Optimizers are compared on artificial landscapes because there the answer is known and
an evaluation costs nothing. Formulas, domains and minima follow Jamil and Yang (2013)
and Surjanovic and Bingham (2013) [1]_ [2]_; every gradient is the analytic one.

>>> from hpcourse import landscapes
>>> beale = landscapes.get("beale")
>>> beale([4, 4])
68891.203125
>>> path = landscapes.descend(beale, start=[1, 1], optimizer="adam", steps=500, learning_rate=0.05)
>>> path.shape, bool(beale(path[-1]) < 1e-3)
((501, 2), True)

References
----------
.. [1] M. Jamil and X.-S. Yang, "A literature survey of benchmark functions for global
   optimisation problems", Int. J. of Mathematical Modelling and Numerical Optimisation
   4(2), 2013.
.. [2] S. Surjanovic and D. Bingham, "Virtual Library of Simulation Experiments: Test
   Functions and Datasets", Simon Fraser University, 2013.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
