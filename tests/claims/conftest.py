"""What the tests of all claims share."""

import sys

import pytest


@pytest.fixture(autouse=True, scope="session")
def nobody_waits_for_a_worker_that_cannot_end():
    """A loader that fails in a worker is collected in an order that leaves it waiting.

    PyTorch gives it five seconds, then it ends the worker.
    """
    if loading := sys.modules.get("torch.utils.data.dataloader"):
        loading._utils.MP_STATUS_CHECK_INTERVAL = 0.5
        looks = loading._MultiProcessingDataLoaderIter._try_get_data
        looks.__defaults__ = (0.5,)
