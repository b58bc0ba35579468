# needs: safetensors
import json

import torch
from safetensors.torch import save

file = save({"weight": torch.tensor([[1.0, 2.0]]), "bias": torch.zeros(1)})
length = int.from_bytes(file[:8], "little")
header, numbers = json.loads(file[8 : 8 + length]), file[8 + length :]
for name, entry in header.items():
    print(name, entry)
start, end = header["weight"]["data_offsets"]
part = bytearray(numbers[start:end])
print(torch.frombuffer(part, dtype=torch.float32))
