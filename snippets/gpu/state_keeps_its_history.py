import torch
from torch import nn


def nodes(result):
    seen, waiting = set(), [result.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is not None and node not in seen:
            seen.add(node)
            waiting += [one for one, _ in node.next_functions]
    return len(seen)


torch.manual_seed(0)
cell, x = nn.RNNCell(2, 4), torch.randn(4, 1, 2)
for cut in (False, True):
    state = torch.zeros(1, 4)
    for step in range(4):
        state = cell(x[step], state.detach() if cut else state)
        loss = state.square().mean()
        loss.backward(retain_graph=True)
        print(f"cut {cut}, step {step}: backward through {nodes(loss)} nodes")
