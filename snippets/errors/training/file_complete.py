import io
import zipfile

import torch

file = io.BytesIO()
torch.save(torch.ones(100), file)
print(zipfile.ZipFile(file).testzip())  # the first bad part
file.seek(0)
print(torch.load(file).sum())
