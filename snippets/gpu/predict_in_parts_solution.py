import torch
from torch import nn

torch.manual_seed(0)
model, x = nn.Sequential(nn.Linear(3, 1), nn.Dropout()), torch.randn(10, 3)


# Your code:
# def predict(model, x, size):
#     return ...  # all answers, by calls with at most size rows
def predict(model, x, size):
    model.eval()
    with torch.inference_mode():
        return torch.cat([model(part) for part in x.split(size)])


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


def seen(module, inputs, out):
    rows.append(len(out))
    modes.append(module.training)


model.register_forward_hook(seen)
for size, enough in ((3, 4), (4, 3)):
    rows, modes, _ = [], [], model.train()
    y = predict(model, x, size)
    check(y is not ..., "write your expression in place of the three dots.")
    check(torch.is_tensor(y), f"y is a {type(y).__name__}, no tensor.")
    words = f"the model got {rows} rows, more than {size}."
    check(rows and max(rows) <= size, words)
    check(sum(rows) == 10, f"the model got {rows}, not all of the 10 rows.")
    check(len(rows) == enough, f"{len(rows)} calls: {enough} are enough.")
    check(not any(modes), "dropout is still on: call model.eval().")
    check(not y.requires_grad, "a graph is kept for a backward pass.")
    shape = tuple(y.shape)
    check(shape == (10, 1), f"the answers have the shape {shape}.")
    check((y - model[0](x)).abs().max() < 1e-5, "the answers are other ones.")
print("Right: 10 answers by calls with", rows, "rows")
