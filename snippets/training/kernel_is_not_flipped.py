import numpy as np
import torch
from torch.nn import functional as F

pulse = torch.tensor([[[0.0, 0.0, 1.0, 0.0, 0.0]]])  # (1, 1, 5)
kernel = torch.tensor([[[1.0, 2.0, 3.0]]])
ours = F.conv1d(pulse, kernel, padding="same")

print("conv1d:      ", ours.flatten().tolist())
a, b = pulse.flatten().numpy(), kernel.flatten().numpy()
print("np.convolve: ", np.convolve(a, b, "same").tolist())
print("np.correlate:", np.correlate(a, b, "same").tolist())
