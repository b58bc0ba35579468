import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 64), nn.Dropout(0.5), nn.Linear(64, 3))
x = torch.randn(5, 2)

# Your code:
# answers = ...  # (5, 3): probabilities of 3 classes, for validation
model.eval()
with torch.no_grad():
    answers = model(x).softmax(dim=1)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(answers is not ..., "write your lines in place of the three dots.")
kind = type(answers).__name__
check(torch.is_tensor(answers), f"answers is a {kind}, no tensor.")
shape = tuple(answers.shape)
check(shape == (5, 3), f"the shape of answers is {shape}, not (5, 3).")
sums = [round(total, 2) for total in answers.sum(dim=1).tolist()]
check(sums == [1] * 5, f"the rows add up to {sums}, not to 1.")
check(not answers.requires_grad, "answers has a graph: switch it off.")
wanted = model.eval()(x).softmax(dim=1)
why = "dropout was on, or this is no softmax."
check(
    answers.allclose(wanted, atol=1e-6),
    f"eval mode gives other numbers: {why}",
)
print("Right: each of 5 rows adds up to 1")
