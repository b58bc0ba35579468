import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
x, y = torch.randn(8, 3), torch.randn(8, 1)
x[5, 1] = float("nan")  # one value is missing in the data


def look(name, tensor):
    bad = (~tensor.isfinite()).sum().item()
    print(f"{name}: {bad} of {tensor.numel()} are nan or inf")


look("inputs", x)
look("targets", y)
look("weights", nn.utils.parameters_to_vector(model.parameters()))
predicted = model(x)
look("predictions", predicted)
loss = nn.functional.mse_loss(predicted, y)
look("loss", loss)
loss.backward()
look("gradients", torch.cat([p.grad.flatten() for p in model.parameters()]))
