import torch


def halve(x):
    while x > 1:
        x = x / 2
    return x


print("    x       y  divisions  gradient")
for value in (0.5, 3.0, 100.0):
    x = torch.tensor(value, requires_grad=True)
    y = halve(x)
    divisions, node = 0, y.grad_fn
    while node and node.name() == "DivBackward0":
        divisions, node = divisions + 1, node.next_functions[0][0]
    y.backward()
    print(f"{value:5} {y:7} {divisions:10} {x.grad:9}")
