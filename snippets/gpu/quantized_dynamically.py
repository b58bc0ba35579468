import io
import warnings

import torch
from torch import nn


def file_size(model):
    file = io.BytesIO()
    torch.save(model.state_dict(), file)
    return len(file.getvalue())


torch.manual_seed(0)
layers = [nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 10)]
model = nn.Sequential(*layers).eval()
quantize = torch.ao.quantization.quantize_dynamic
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    small = quantize(model, {nn.Linear}, dtype=torch.qint8)
print("warns:", str(caught[0].message).splitlines()[0].strip())
print(small[0])

x = torch.randn(100, 256)
with torch.inference_mode():
    y, rough = model(x), small(x)
print("bytes:", file_size(model), "and", file_size(small))
print("outputs to:", round(y.abs().max().item(), 1))
print("gap below 0.05:", (y - rough).abs().max().item() < 0.05)
