"""What people do: rise to where the schedule is at the warm-up's end.

part: warm_up
loses: 2
hint: aims
"""


def warm_up(t, schedule, duration, initial_learning_rate):
    if t < duration:
        rise = schedule(duration) - initial_learning_rate
        return initial_learning_rate + rise * t / duration
    return schedule(t - duration)
