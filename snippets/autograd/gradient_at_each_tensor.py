import torch

w = torch.tensor(1.0, requires_grad=True)
double = 2 * w
gap = double - 6
loss = gap**2

for t in (double, gap, loss):
    t.retain_grad()  # only w would keep its gradient
loss.backward()

tensors = {"loss": loss, "gap": gap, "double": double, "w": w}
print("tensor  value  gradient  made by")
for name, t in tensors.items():
    made_by = t.grad_fn.name() if t.grad_fn else "you"
    print(f"{name:7} {t:5} {t.grad:9}  {made_by}")
