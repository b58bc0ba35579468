import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
before = [p.detach().clone() for p in model.parameters()]
(9000 * model(torch.ones(1, 2)).sum()).backward()  # of an earlier batch
loss = (model(torch.ones(1, 2)) - 500).square().sum()

# Your code:
# nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
# optimizer.zero_grad()
# loss.backward()
# optimizer.step()
optimizer.zero_grad()
loss.backward()
nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
optimizer.step()


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


moves = [p - b for p, b in zip(model.parameters(), before, strict=True)]
move = torch.cat([m.flatten() for m in moves]).norm().item()
check(move > 0, "the weights have not moved: no gradient was there at step().")
check(move < 1, f"the weights moved by {move:.1f}: nothing was clipped.")
why = "clip the norm of all numbers together."
check(move < 0.11, f"the weights moved by {move:.2f}, more than 0.1: {why}")
why = "the old gradient was still there."
check(moves[0].sum() > 0, f"the weights moved the wrong way: {why}")
check(move > 0.09, f"the weights moved by {move:.3f}, much less than 0.1.")
print(f"Right: the weights moved by {move:.2f}")
