"""What people do: return whole epochs.

part: epochs_done
loses: 3
hint: whole
"""


def epochs_done(update, n_samples, batch_size):
    return update // -(-n_samples // batch_size)
