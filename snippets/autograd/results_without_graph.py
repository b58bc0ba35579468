import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)

results = {"plain": w * 3}
with torch.no_grad():
    results["no_grad"] = w * 3
with torch.inference_mode():
    results["inference_mode"] = w * 3
results["detach"] = results["plain"].detach()

print("result          requires_grad")
for name, t in results.items():
    print(f"{name:15} {t.requires_grad}")
