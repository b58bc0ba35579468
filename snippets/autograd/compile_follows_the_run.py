# takes: 20 s
import torch


def backend(graph, inputs):
    steps = [n.name for n in graph.graph.nodes if "call" in n.op]
    print("    graph:", *steps)
    return graph.forward


@torch.compile(backend=backend)
def f(x):
    return 3 * x if x > 0 else x**2


for value in (1.0, 2.0, -1.0, -2.0):
    print("call with", value)
    y = f(torch.tensor(value))
    print("    result:", y.item())
