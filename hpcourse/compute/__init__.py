"""What Keras computes on, and what a network costs there.

A small network keeps hardly any device busy: most of the time of an update goes into starting
its operations, not into arithmetic. ``devices`` measures how the cost of a network falls when many
are trained at once, and keeps such measurements as records, each with its hardware.

    python -m hpcourse.compute --save my_laptop.json

prints the device, the versions, and a table for 1 to 1,024 networks beside one ``model.fit``;
on two cores that takes about a minute.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
