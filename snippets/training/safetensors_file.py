# needs: safetensors
import tempfile

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn

model, new = nn.Linear(4, 2), nn.Linear(4, 2)
with tempfile.TemporaryDirectory() as folder:
    path = f"{folder}/model.safetensors"
    save_file(model.state_dict(), path)
    with safe_open(path, framework="pt") as file:
        for name in file.keys():
            part = file.get_slice(name)
            print(name, part.get_dtype(), part.get_shape())
    saved = load_file(path)
print(new.load_state_dict(saved))
print("equal:", torch.equal(new.weight, model.weight))
