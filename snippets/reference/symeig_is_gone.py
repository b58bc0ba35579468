# raises: RuntimeError
import torch

a = torch.tensor([[2.0, 1.0], [1.0, 2.0]])
values, vectors = torch.symeig(a, eigenvectors=True)
