"""What people do: rise from 0, whatever the initial rate.

part: warm_up
loses: 2
hint: zero
"""


def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        return schedule(0) * t / duration
    return schedule(t - duration)
