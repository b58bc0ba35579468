import torch

weight = torch.zeros(2, requires_grad=True)
shared, copied = [], []
for _ in range(3):
    with torch.no_grad():  # as an optimizer does
        weight += 1
    shared.append(weight.detach())
    copied.append(weight.detach().clone())

print([w.tolist() for w in shared])  # wrong
print([w.tolist() for w in copied])  # fixed
