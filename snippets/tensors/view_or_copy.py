import torch

t = torch.arange(6.0).reshape(2, 3)
calls = """x[0]  x[:, 1:]  x[[0, 1]]  x[x > 2]  x.split(1)[0]  x.T
x.unsqueeze(0)  x.expand(4, -1, -1)  x.repeat(4, 1, 1)  x.flip(0)
x.view(6)  x.reshape(6)  x.flatten()  x.contiguous()  torch.cat([x])
x.detach()  x.clone()  x + 0  x.float()  x.double()"""


def storage(tensor):
    return tensor.untyped_storage().data_ptr()


def kind(call, x):
    try:
        y = eval(call, {"torch": torch, "x": x})
    except RuntimeError:
        return "error"
    shared = storage(y) == storage(x)
    return "x itself" if y is x else "view" if shared else "copy"


print(f"{'':22}x = t     x = t.T")
for call in calls.replace("\n", "  ").split("  "):
    print(f"{call:22}{kind(call, t):10}{kind(call, t.T)}")
