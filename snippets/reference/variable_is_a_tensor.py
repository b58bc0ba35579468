import torch
from torch.autograd import Variable

w = Variable(torch.tensor([3.0]), requires_grad=True)
loss = (w * w).sum()
loss.backward()

print(type(w))
print(w.grad)
print(isinstance(torch.ones(2), Variable))
