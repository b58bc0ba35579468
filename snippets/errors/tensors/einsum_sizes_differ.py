# raises: RuntimeError
import torch

x, y = torch.ones(2, 3), torch.ones(4, 3)
torch.einsum("ij,jk->ik", x, y)
