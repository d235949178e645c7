from .batches import Batches
from .callbacks import LearningRateLogger, RestartLearningRate
from .checkpoints import latest_checkpoint
from .configurations import ACTIVATIONS, DEFAULTS, INITIALIZERS, OPTIMIZERS
from .lr_range import LRRangeTest, lr_range_test
from .models import mlp, side_by_side
from .population import Population, train_all

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
