# raises: RuntimeError
import torch

torch.save(torch.ones(2), "no_such_folder/model.pt")
