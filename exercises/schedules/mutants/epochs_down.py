"""What people do: round the number of batches down.

part: epochs_done
loses: 2
hint: down
"""


def epochs_done(update, n_samples, batch_size):
    return update / (n_samples // batch_size)
