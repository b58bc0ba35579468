import torch
from torch import fx


def f(w):
    loss = (2 * w - 6) ** 2
    print("in f:", loss)
    return loss


print("now the graph")
graph = fx.symbolic_trace(f)
for node in graph.graph.nodes:
    print(f"    {node.op:13} {node.name:6} {node.args}")
print("now the numbers")
print(graph(torch.tensor(1.0)))
