# raises: torch.fx.proxy.TraceError
from torch import fx


def f(x):
    return 3 * x if x > 0 else x**2


fx.symbolic_trace(f)
