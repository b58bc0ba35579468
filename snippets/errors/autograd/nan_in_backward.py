# raises: RuntimeError
import warnings

import torch

warnings.simplefilter("ignore")  # anomaly mode warns as well
w = torch.tensor(0.0, requires_grad=True)
with torch.autograd.detect_anomaly():
    loss = w.sqrt() * 0
    loss.backward()
