import torch

t = torch.zeros(2, requires_grad=True)
detached = t.detach()
cloned = t.clone()
copied = t.detach().clone()

detached[0] = 9.0  # who sees this?
print("         values     tracked")
print("t       ", t.tolist(), t.requires_grad)
print("detached", detached.tolist(), detached.requires_grad)
print("cloned  ", cloned.tolist(), cloned.requires_grad)
print("copied  ", copied.tolist(), copied.requires_grad)
