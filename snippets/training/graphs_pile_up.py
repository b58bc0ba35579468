import torch


def nodes(tensor):  # reachable from here
    todo, seen = [tensor.grad_fn], set()
    while todo:
        node = todo.pop()
        if node is not None and node not in seen:
            seen.add(node)
            todo += [child for child, _ in node.next_functions]
    return len(seen)


w = torch.tensor(1.0, requires_grad=True)
leak, total = 0.0, 0.0
for step in range(1, 5):
    loss = (w * step - 1) ** 2
    leak = leak + loss
    total = total + loss.detach()
    print(f"step {step}: {nodes(leak):2} nodes, {nodes(total)} nodes")
