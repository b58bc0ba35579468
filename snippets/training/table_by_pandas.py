# needs: pandas
# takes: 20 s
import csv
import io

import pandas
import torch

TEXT = """species,mass,wing
wren,9.1,48
robin,18.0,73
wren,8.7,47
"""

rows = list(csv.DictReader(io.StringIO(TEXT)))
by_hand = torch.tensor([[float(r["mass"]), float(r["wing"])] for r in rows])
names = sorted({r["species"] for r in rows})
labels = torch.tensor([names.index(r["species"]) for r in rows])

frame = pandas.read_csv(io.StringIO(TEXT))  # or the path of a file
columns = frame[["mass", "wing"]].to_numpy()
x = torch.tensor(columns, dtype=torch.float32)
species = frame["species"].astype("category").cat
y = torch.tensor(species.codes.to_numpy(), dtype=torch.long)
print(*species.categories, y.tolist())
print("equal:", torch.equal(x, by_hand), torch.equal(y, labels))
