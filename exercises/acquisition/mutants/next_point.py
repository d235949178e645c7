# %% coordinate: leave out every point that has a coordinate in common with a tried one
# loses 2, hint coordinate
import numpy as np


def next_point(candidates, tried, acquisition):
    known = (candidates[:, None] == tried).any(axis=(1, 2))
    new = candidates[~known]
    return new[np.argmax(acquisition(new))]

# %% index: return the place of the point
# loses 4, hint index
import numpy as np


def next_point(candidates, tried, acquisition):
    new = np.array([c for c in candidates if not (c == tried).all(axis=1).any()])
    return int(np.argmax(acquisition(new)))

# %% isin: look for the coordinates of a point among all coordinates that were tried
# loses 2, hint coordinate
import numpy as np


def next_point(candidates, tried, acquisition):
    new = candidates[~np.isin(candidates, tried).all(axis=1)]
    return new[np.argmax(acquisition(new))]

# %% minimum: look for the lowest score, because everything else is minimized
# loses 4, hint minimum
import numpy as np


def next_point(candidates, tried, acquisition):
    new = np.array([c for c in candidates if not (c == tried).all(axis=1).any()])
    return new[np.argmin(acquisition(new))]

# %% score: return the score
# loses 4, hint score
import numpy as np


def next_point(candidates, tried, acquisition):
    new = np.array([c for c in candidates if not (c == tried).all(axis=1).any()])
    return acquisition(new).max()

# %% tried: forget what was tried
# loses 2, hint tried
import numpy as np


def next_point(candidates, tried, acquisition):
    return candidates[np.argmax(acquisition(candidates))]

# %% zero: give tried points a score of 0
# loses 2, hint zero
def next_point(candidates, tried, acquisition):
    scores = acquisition(candidates)
    scores[(candidates[:, None] == tried).all(axis=2).any(axis=1)] = 0
    return candidates[scores.argmax()]

# %% any_coordinate: take a point for tried as soon as one of its coordinates is that of a tried one
import numpy as np


def next_point(candidates, tried, acquisition):
    same = (candidates[:, None, :] == tried[None, :, :]).any(axis=2).any(axis=1)
    untried = candidates[~same]
    return untried[np.argmax(acquisition(untried))]

# %% coordinates_of_different_points: take a point for tried if each of its coordinates is that of some tried one, not all of the same
import numpy as np


def next_point(candidates, tried, acquisition):
    same = (candidates[:, None, :] == tried[None, :, :]).any(axis=1).all(axis=1)
    untried = candidates[~same]
    return untried[np.argmax(acquisition(untried))]

# %% coordinates_in_any_order: take a point for tried if its coordinates are those of a tried one in another order
# loses 2, hint order
import numpy as np


def next_point(candidates, tried, acquisition):
    new = [not any(np.isin(p, t).all() for t in tried) for p in candidates]
    untried = candidates[np.array(new)]
    return untried[np.argmax(acquisition(untried))]

# %% compared_by_sum: compare points by the sum of their coordinates
import numpy as np


def next_point(candidates, tried, acquisition):
    untried = candidates[~np.isin(candidates.sum(axis=1), tried.sum(axis=1))]
    return untried[np.argmax(acquisition(untried))]

# %% rounded_coordinates: round all coordinates to two decimals before they are compared
# loses 2, hint near
import numpy as np


def next_point(candidates, tried, acquisition):
    c, t = np.round(candidates, 2), np.round(tried, 2)
    untried = candidates[~(c[:, None] == t).all(axis=2).any(axis=1)]
    return untried[np.argmax(acquisition(untried))]

# %% first_tried_only: return from the comparison after the first tried point
import numpy as np


def is_new(point, tried):
    for t in tried:
        if np.array_equal(point, t):
            return False
        else:
            return True
    return True


def next_point(candidates, tried, acquisition):
    untried = np.array([p for p in candidates if is_new(p, tried)])
    return untried[np.argmax(acquisition(untried))]

# %% nearest_struck_off: strike off the candidate next to each tried point, also when the tried point is no candidate
import numpy as np


def next_point(candidates, tried, acquisition):
    new = np.ones(len(candidates), dtype=bool)
    for t in tried:
        new[np.argmin(np.sum((candidates - t) ** 2, axis=1))] = False
    untried = candidates[new]
    return untried[np.argmax(acquisition(untried))]

# %% tried_has_to_be_a_candidate: look up each tried point in the list of candidates, which fails if it is not there
import numpy as np


def next_point(candidates, tried, acquisition):
    rows = candidates.tolist()
    known = [rows.index(t) for t in tried.tolist()]
    untried = np.delete(candidates, known, axis=0)
    return untried[np.argmax(acquisition(untried))]

# %% first_copy_only: strike off a tried point once, and leave its second copy among the candidates
import numpy as np


def next_point(candidates, tried, acquisition):
    rows = candidates.tolist()
    for t in tried.tolist():
        if t in rows:
            rows.remove(t)
    untried = np.array(rows)
    return untried[np.argmax(acquisition(untried))]

# %% score_zero_for_tried: give tried points the score 0, which wins if all other scores are negative
import numpy as np


def next_point(candidates, tried, acquisition):
    same = (candidates[:, None] == tried).all(axis=2).any(axis=1)
    scores = acquisition(candidates) * ~same
    return candidates[np.argmax(scores)]

# %% lowest_score_for_tried: give tried points the lowest score of all, which is a tie if the only new point has it
import numpy as np


def next_point(candidates, tried, acquisition):
    same = (candidates[:, None] == tried).all(axis=2).any(axis=1)
    scores = np.array(acquisition(candidates), dtype=float)
    scores[same] = scores.min()
    return candidates[np.argmax(scores)]

# %% fixed_penalty_for_tried: subtract 100 from the score of tried points
import numpy as np


def next_point(candidates, tried, acquisition):
    same = (candidates[:, None] == tried).all(axis=2).any(axis=1)
    scores = np.asarray(acquisition(candidates)) - 100.0 * same
    return candidates[np.argmax(scores)]

# %% record_starts_at_zero: start the search for the highest score at 0, so that negative scores never win
import numpy as np


def next_point(candidates, tried, acquisition):
    same = (candidates[:, None] == tried).all(axis=2).any(axis=1)
    untried = candidates[~same]
    highest, point = 0.0, untried[0]
    for p, score in zip(untried, acquisition(untried)):
        if score > highest:
            highest, point = score, p
    return point

# %% index_of_the_other_list: score the untried points and use the index of the best one on all candidates
import numpy as np


def next_point(candidates, tried, acquisition):
    same = (candidates[:, None] == tried).all(axis=2).any(axis=1)
    return candidates[np.argmax(acquisition(candidates[~same]))]

# %% second_best_at_most: go to the second best if the best is tried, without a look at whether that is tried, too
import numpy as np


def next_point(candidates, tried, acquisition):
    order = np.argsort(acquisition(candidates))[::-1]
    best = candidates[order[0]]
    if len(order) > 1 and (tried == best).all(axis=1).any():
        return candidates[order[1]]
    return best

# %% first_new_if_best_is_tried: fall back to the first untried candidate if the best one is tried
import numpy as np


def next_point(candidates, tried, acquisition):
    same = (candidates[:, None] == tried).all(axis=2).any(axis=1)
    best = np.argmax(acquisition(candidates))
    if same[best]:
        best = np.flatnonzero(~same)[0]
    return candidates[best]

# %% lowest_score: take the lowest score, since everything is minimized
import numpy as np


def next_point(candidates, tried, acquisition):
    same = (candidates[:, None] == tried).all(axis=2).any(axis=1)
    untried = candidates[~same]
    return untried[np.argmin(acquisition(untried))]

# %% suggestions_remembered: never return a point a second time, over all calls
import numpy as np

_suggested = []


def next_point(candidates, tried, acquisition):
    known = [*tried.tolist(), *_suggested]
    untried = np.array([p for p in candidates.tolist() if p not in known])
    point = untried[np.argmax(acquisition(untried))]
    _suggested.append(point.tolist())
    return point

# %% compared_by_bytes: compare the bytes of the points, so that whole numbers of another type and minus zero are not recognized
import numpy as np


def next_point(candidates, tried, acquisition):
    known = {t.tobytes() for t in tried}
    untried = np.array([p for p in candidates if p.tobytes() not in known])
    return untried[np.argmax(acquisition(untried))]

# %% one_row_matrix: return the point as a matrix with one row
import numpy as np


def next_point(candidates, tried, acquisition):
    same = (candidates[:, None] == tried).all(axis=2).any(axis=1)
    untried = candidates[~same]
    return untried[np.argsort(acquisition(untried))[-1:]]

# %% near_is_tried: leave out all candidates within 0.05 of a tried point
# loses 2, hint near
import numpy as np


def next_point(candidates, tried, acquisition):
    distance = np.linalg.norm(candidates[:, None] - tried, axis=2).min(axis=1)
    untried = candidates[distance >= 0.05]
    return untried[np.argmax(acquisition(untried))]
