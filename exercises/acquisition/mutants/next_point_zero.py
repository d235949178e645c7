"""What people do: give tried points a score of 0.

part: next_point
loses: 2
hint: zero
"""


def next_point(candidates, tried, acquisition):
    scores = acquisition(candidates)
    scores[(candidates[:, None] == tried).all(axis=2).any(axis=1)] = 0
    return candidates[scores.argmax()]
