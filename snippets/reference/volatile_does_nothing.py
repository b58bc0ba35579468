# warns: UserWarning
import torch
from torch.autograd import Variable

w = torch.ones(2, requires_grad=True)
x = Variable(torch.ones(2), volatile=True)
print((w * x).requires_grad)  # False when volatile worked
