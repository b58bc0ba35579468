# raises: _pickle.PicklingError
import pickle
import re
import warnings

import torch
from torch.utils.data import DataLoader

warnings.simplefilter("ignore")  # torch also warns: the error follows
loader = DataLoader(
    torch.arange(4),
    num_workers=1,
    collate_fn=lambda batch: sum(batch),
    multiprocessing_context="spawn",
)
try:
    next(iter(loader))
except pickle.PicklingError as error:
    text = re.sub("at 0x[0-9a-fA-F]+", "at 0x…", str(error))
raise pickle.PicklingError(text)
