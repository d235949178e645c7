"""Networks and their trainings: repeatable, resumable, many at once."""

from hpcourse.training.batches import Batches
from hpcourse.training.callbacks import LearningRateLogger, RestartLearningRate
from hpcourse.training.checkpoints import latest_checkpoint
from hpcourse.training.configs import ACTIVATIONS, DEFAULTS, INITIALIZERS, OPTIMIZERS
from hpcourse.training.lr_range import LRRangeTest, lr_range_test
from hpcourse.training.models import mlp, side_by_side
from hpcourse.training.population import Population, train_all

__all__ = [
    "ACTIVATIONS",
    "DEFAULTS",
    "INITIALIZERS",
    "OPTIMIZERS",
    "Batches",
    "LRRangeTest",
    "LearningRateLogger",
    "Population",
    "RestartLearningRate",
    "latest_checkpoint",
    "lr_range_test",
    "mlp",
    "side_by_side",
    "train_all",
]
