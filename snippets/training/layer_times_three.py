from torch import nn

once = nn.Sequential(*[nn.Linear(8, 8)] * 3)
three = nn.Sequential(*[nn.Linear(8, 8) for _ in range(3)])
for model in (once, three):
    count = sum(p.numel() for p in model.parameters())
    print(f"{len(model)} layers, {count} parameters")
print("first and last are one object:", once[0] is once[2])
