from .devices import DeviceRecord, measure, records, seconds_per_epoch
from .machine import cores, describe, processor

__all__ = [
    "DeviceRecord",
    "cores",
    "describe",
    "measure",
    "processor",
    "records",
    "seconds_per_epoch",
]
