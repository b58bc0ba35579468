# needs: safetensors
from safetensors.torch import save
from torch import nn

model = nn.Sequential(nn.Embedding(9, 4), nn.Linear(4, 9, bias=False))
model[1].weight = model[0].weight
try:
    save(model.state_dict())
except RuntimeError as error:
    print(str(error).partition(":")[0].strip())
