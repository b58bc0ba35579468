# raises: ModuleNotFoundError
import torch
from torch import nn

model = nn.Linear(2, 1)
torch.onnx.export(model, (torch.ones(1, 2),), "model.onnx")
