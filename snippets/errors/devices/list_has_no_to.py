# raises: AttributeError
import torch

batch = [torch.ones(2), torch.zeros(2)]
batch.to("cpu")
