# warns: FutureWarning
import torch

x = torch.ones(2, 2)
with torch.cuda.amp.autocast(enabled=False):
    print((x @ x).dtype)
