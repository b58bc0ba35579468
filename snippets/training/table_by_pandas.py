# needs: pandas
# takes: 20 s
import csv
import tempfile
from pathlib import Path

import pandas
import torch

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
    frame = pandas.read_csv(path)

by_hand = torch.tensor([[float(r["mass"]), float(r["wing"])] for r in rows])
names = sorted({r["species"] for r in rows})
labels = torch.tensor([names.index(r["species"]) for r in rows])

columns = frame[["mass", "wing"]].to_numpy()
x = torch.tensor(columns, dtype=torch.float32)
species = frame["species"].astype("category").cat
y = torch.tensor(species.codes.to_numpy(), dtype=torch.long)
print(*species.categories, y.tolist())
print("equal:", torch.equal(x, by_hand), torch.equal(y, labels))
