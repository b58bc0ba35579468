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


rows = []
model.register_forward_hook(lambda *all: rows.append(len(all[2])))
y = predict(model, x, 4)
check(y is not ..., "write your expression in place of the three dots.")
check(torch.is_tensor(y), f"predict returns a {type(y).__name__}, no tensor.")
check(rows and max(rows) <= 4, f"the model got {rows} rows, more than 4.")
check(sum(rows) == 10, f"the model got {rows}, not all of the 10 rows.")
check(len(rows) == 3, f"{len(rows)} calls, where 3 are enough.")
check(not model.training, "dropout is still on: call model.eval().")
check(not y.requires_grad, "a graph is kept for a backward pass.")
check(y.shape == (10, 1), f"the answers have the shape {tuple(y.shape)}.")
check(torch.allclose(y, model[0](x)), "the answers are other ones.")
print("Right: 10 answers by calls with", rows, "rows")
