# needs: compiler
# takes: 30 s
import torch
from torch import fx
from torch._inductor import metrics


def f(x):
    return torch.sin(x) * torch.cos(x) + x


x = torch.randn(1000)
nodes = fx.symbolic_trace(f).graph.nodes
steps = [n.name for n in nodes if "call" in n.op]
metrics.reset()
compiled = torch.compile(f)(x)

print("eager:   ", len(steps), "loops:", *steps)
print("compiled:", metrics.generated_kernel_count, "loop")
print("same to 1e-6:", torch.allclose(f(x), compiled, atol=1e-6))
