import warnings

import torch


def f(x: torch.Tensor):
    return 3 * x if bool(x > 0) else x**2


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    scripted = torch.jit.script(f)

print(scripted(torch.tensor(2.0)), scripted(torch.tensor(-2.0)))
print(f"{caught[0].category.__name__}: {caught[0].message}")
