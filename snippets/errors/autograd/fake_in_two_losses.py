# raises: RuntimeError
import torch
from torch import nn

generator, critic = nn.Linear(1, 2), nn.Linear(2, 1)
fake = generator(torch.ones(3, 1))
print(fake.requires_grad)
critic(fake).mean().backward()  # the critic learns
critic(fake).mean().backward()  # then the generator
