import torch

x = torch.tensor([0, 100, 255], dtype=torch.uint8)  # as in an image
print("minus 128: ", (x - 128).tolist())
print("plus 100:  ", (x + 100).tolist())

x = x / 255
print("scaled:    ", [round(v, 2) for v in x.tolist()])
print("minus 0.5: ", [round(v, 2) for v in (x - 0.5).tolist()])
