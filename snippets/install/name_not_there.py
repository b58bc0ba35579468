# raises: AttributeError
import torch

print("accelerator:", hasattr(torch, "accelerator"))
print(torch.acelerator)  # misspelt
