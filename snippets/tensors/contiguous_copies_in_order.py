import torch

t = torch.arange(6, dtype=torch.uint8).reshape(2, 3)
for x in (t, t.T, t.T.contiguous()):
    print("read row by row:", x.reshape(6).tolist())
    storage = x.untyped_storage().tolist()  # one byte a number
    print("in the storage: ", storage, x.is_contiguous())
