# needs: safetensors
import tempfile

import torch
from safetensors.torch import load_file, load_model, save_model
from torch import nn


def model_with_head(tied):
    model = nn.Sequential(nn.Embedding(9, 4), nn.Linear(4, 9, bias=False))
    if tied:
        model[1].weight = model[0].weight
    return model


model, tokens = model_with_head(tied=True), torch.arange(9)
with tempfile.TemporaryDirectory() as folder:
    path = f"{folder}/model.safetensors"
    save_model(model, path)
    print("in the file:", list(load_file(path)))
    new = model_with_head(tied=True)
    load_model(new, path)
    print("equal:", torch.equal(new(tokens), model(tokens)))
    try:
        load_model(model_with_head(tied=False), path)
    except RuntimeError as error:
        print(error)
