"""What people do: multiply the running schedule by a rising factor.

part: warm_up
loses: 5
hint: scaled, moved
"""


def warm_up(t, schedule, duration, initial_learning_rate):
    return schedule(t) * min(t / duration, 1)
