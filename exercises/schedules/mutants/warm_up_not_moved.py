"""What people do: let the schedule run during the warm-up.

part: warm_up
loses: 3
hint: moved
"""


def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        rise = schedule(0) - initial_learning_rate
        return initial_learning_rate + rise * t / duration
    return schedule(t)
