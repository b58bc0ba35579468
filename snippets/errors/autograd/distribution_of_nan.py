# raises: ValueError
import torch
from torch.distributions import Normal

mean = torch.tensor([0.0]).log() * 0  # -inf times 0
print(mean)
Normal(mean, torch.ones(1))
