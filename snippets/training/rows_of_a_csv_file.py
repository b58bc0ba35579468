import csv
import tempfile
from pathlib import Path

import torch
from torch.utils.data import TensorDataset

TEXT = """species,mass,wing
wren,9.1,48
robin,18.0,73
wren,8.7,47
"""

with tempfile.TemporaryDirectory() as name:
    path = Path(name, "birds.csv")
    path.write_text(TEXT)
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))

print(rows[0])
x = torch.tensor([[float(r["mass"]), float(r["wing"])] for r in rows])
names = sorted({r["species"] for r in rows})
y = torch.tensor([names.index(r["species"]) for r in rows])
print(names, y.tolist())
print(TensorDataset(x, y)[1])
