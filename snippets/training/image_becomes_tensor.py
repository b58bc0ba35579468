import numpy as np
import torch
from PIL import Image

image = Image.new("RGB", (40, 30), (255, 51, 0))
array = np.array(image)
x = torch.from_numpy(array)
print("image ", image.size, "width, height")
print("array ", array.shape, array.dtype, array[0, 0])
x = x.permute(2, 0, 1)  # channels first
print("tensor", list(x.shape), x.dtype, x[:, 0, 0].tolist())
x = x / 255
print("scaled", list(x.shape), x.dtype, x[:, 0, 0])
