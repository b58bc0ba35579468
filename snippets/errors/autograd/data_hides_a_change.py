import torch

w = torch.tensor(3.0, requires_grad=True)
loss = w**2
w.data += 1  # autograd does not see it
loss.backward()
print(w.grad)
