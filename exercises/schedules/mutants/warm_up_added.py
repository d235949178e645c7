"""What people do: add the whole first rate to the initial one.

part: warm_up
loses: 3
hint: added
"""


def warm_up(t, schedule, duration, initial_learning_rate):
    if t <= duration:
        return initial_learning_rate + schedule(0) * t / duration
    return schedule(t - duration)
