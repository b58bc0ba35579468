# takes: 20 s
import torch


def f(x):
    y = torch.sin(x)
    if y.sum() > 0:
        y = y * 2
    return y + 1


found = torch._dynamo.explain(f)(torch.ones(3))
print("graphs:", found.graph_count)
print("breaks:", found.graph_break_count)
for graph in found.graphs:
    print([n.name for n in graph.graph.nodes if "call" in n.op])
