import torch

logits = torch.tensor([1.0, 4.0, 2.0, 3.0])  # of four tokens
k, temperature = 2, 0.5

# Your code:
# probabilities = ...  # of the four tokens
top = logits.topk(k)
kept = torch.full_like(logits, -torch.inf)
kept[top.indices] = top.values
probabilities = (kept / temperature).softmax(dim=0)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(probabilities is not ..., "write your lines in place of the dots.")
kind = type(probabilities).__name__
check(isinstance(probabilities, torch.Tensor), f"a {kind} is no tensor.")
shape = tuple(probabilities.shape)
check(shape == (4,), f"the shape is {shape}: give four tokens a probability.")
first, best, third, second = probabilities.tolist()
total = round(first + best + third + second, 3)
check(total == 1, f"the sum is {total}, not 1: apply softmax last.")
beyond = max(first, third)
why = "set the others to minus infinity before softmax."
check(beyond == 0, f"a token beyond the top two gets {beyond:.4f}: {why}")
check(second > 0, "token 3 gets 0, and is the second likeliest.")
best = round(best, 3)
check(best != 0.731, "token 1 gets 0.731, as at temperature 1.")
check(best != 0.622, "token 1 gets 0.622: divide by the temperature.")
check(best == 0.881, f"token 1 gets {best}, not 0.881.")
print("Right: token 1 gets", best, "and token 3", round(second, 3))
