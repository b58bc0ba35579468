import torch

t = torch.arange(6)
sliced = t[1:4]
picked = t[[1, 2, 3]]


def share(x, y):
    return x.untyped_storage().data_ptr() == y.untyped_storage().data_ptr()


print("storage shared:", share(sliced, t), share(picked, t))
print("first element :", sliced.data_ptr() == t.data_ptr())
print("same as t[1]  :", sliced.data_ptr() == t[1].data_ptr())
print("offset        :", sliced.storage_offset())
