# warns: TracerWarning
import warnings

import torch

warnings.simplefilter("ignore", DeprecationWarning)  # of torch.jit itself


def f(x):
    return 3 * x if x > 0 else x**2


traced = torch.jit.trace(f, torch.tensor(2.0), check_trace=False)
print("f:     ", f(torch.tensor(-2.0)))
print("traced:", traced(torch.tensor(-2.0)))
