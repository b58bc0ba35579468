# warns: UserWarning
import torch

w = torch.tensor(4.0, requires_grad=True)
with torch.autograd.detect_anomaly():
    w.sqrt().backward()
print(w.grad)
