import torch
from torch import nn

generator, critic = nn.Linear(1, 2), nn.Linear(2, 1)
fake = generator(torch.ones(3, 1))
critic(fake.detach()).mean().backward()  # the critic learns
print(generator.weight.grad)
critic(fake).mean().backward()  # then the generator
print(generator.weight.grad.shape)
