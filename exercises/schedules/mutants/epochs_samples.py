"""What people do: count images, as if every batch were full.

part: epochs_done
loses: 2
hint: samples
"""


def epochs_done(update, n_samples, batch_size):
    return update * batch_size / n_samples
