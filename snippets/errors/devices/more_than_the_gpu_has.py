# needs: cuda
# raises: torch.OutOfMemoryError
import torch

try:
    torch.empty(2**44, device="cuda")
except torch.OutOfMemoryError as error:
    text = str(error).split(" GPU ")[0]  # the rest depends on the card
raise torch.OutOfMemoryError(text)
