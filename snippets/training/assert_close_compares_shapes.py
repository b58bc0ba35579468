# raises: AssertionError
import torch

pred, y = torch.ones(3, 1), torch.ones(3)
torch.testing.assert_close(pred, y)
