import torch

w = torch.tensor(4.0, requires_grad=True)
w.sqrt().backward()
print(w.grad, torch.is_anomaly_enabled())
