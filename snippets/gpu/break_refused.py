# raises: torch._dynamo.exc.Unsupported
# takes: 20 s
import torch


@torch.compile(backend="eager", fullgraph=True)
def f(x):
    y = torch.sin(x)
    if y.sum() > 0:
        y = y * 2
    return y + 1


try:
    f(torch.ones(3))
except torch._dynamo.exc.Unsupported as error:
    error.args = (str(error).split("\n")[0],)  # more lines say where
    raise
