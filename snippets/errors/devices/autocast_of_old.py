# warns: FutureWarning
from torch.cuda.amp import autocast

autocast(enabled=False)
print("still there")
