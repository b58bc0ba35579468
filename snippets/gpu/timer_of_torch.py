import torch
from torch.utils.benchmark import Timer

torch.manual_seed(0)
rows = torch.randn(1000, 8)
ways = {
    "a loop": "torch.stack([row * 2 for row in rows])",
    "one call": "rows * 2",
}
found = {}
for name, code in ways.items():
    timer = Timer(code, globals={"rows": rows})
    found[name] = timer.blocked_autorange(min_run_time=0.2)
    print(f"{name} has a median:", found[name].median > 0)

print("faster:", min(found, key=lambda name: found[name].median))
