# raises: AttributeError
import torch

torch.tensor([1, 2]).astype("float32")
