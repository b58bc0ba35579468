import torch
import torch.nn.functional as F

logits = torch.zeros(1, 10)  # ten equal scores
loss = F.cross_entropy(logits, torch.tensor([7]))
print(f"ten equal scores: loss {loss:.3f}, perplexity {loss.exp():.1f}")

losses = torch.tensor([1.0, 1.0, 1.0, 5.0])  # of four tokens
print(f"exp of the mean:  {losses.mean().exp():.1f}")
print(f"mean of the exps: {losses.exp().mean():.1f}")
