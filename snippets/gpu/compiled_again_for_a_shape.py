# takes: 20 s
import torch

graphs = []


def backend(graph, inputs):
    graphs.append(graph)  # one call for each compilation
    return graph.forward


sizes = [2, 4, 8, 4, 1]
print("batch sizes:   ", *sizes)
for dynamic in (None, False, True):
    torch.compiler.reset()
    graphs.clear()
    f = torch.compile(lambda x: x * 2, backend=backend, dynamic=dynamic)
    counts = []
    for size in sizes:
        f(torch.ones(size, 3))
        counts.append(len(graphs))
    print(f"dynamic={dynamic!s:7}", *counts)
