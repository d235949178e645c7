"""What a searcher is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def study_seed(rng: np.random.Generator) -> int:
    """Return what the generators of all trials of one study share: the study's seed.

    A study gives its trial k a generator seeded with the pair (seed, k), so that a searcher
    can draw something once for all trials, and differently in each study. Of a generator that
    was seeded with a single number, that number is returned.

    Examples
    --------
    >>> [study_seed(np.random.default_rng((7, k))) for k in range(3)]
    [7, 7, 7]
    """
    entropy = rng.bit_generator.seed_seq.entropy
    return int(entropy[0] if isinstance(entropy, Sequence) else entropy)
