# needs: cuda, unix
# raises: RuntimeError
import multiprocessing
import warnings

import torch


def ones(count):
    return torch.ones(count, device="cuda").tolist()


warnings.simplefilter("ignore")  # newer Pythons warn of a fork here
print(ones(1))  # this process uses CUDA already
with multiprocessing.get_context("fork").Pool(1) as pool:
    pool.apply(ones, (2,))
