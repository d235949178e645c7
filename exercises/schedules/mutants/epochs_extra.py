"""What people do: always add one for the last batch.

part: epochs_done
loses: 1
hint: extra
"""


def epochs_done(update, n_samples, batch_size):
    return update / (n_samples // batch_size + 1)
