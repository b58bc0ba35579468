# warns: DeprecationWarning
import torch


def f(x: torch.Tensor):
    return 3 * x if bool(x > 0) else x**2


scripted = torch.jit.script(f)
print(scripted(torch.tensor(2.0)), scripted(torch.tensor(-2.0)))
