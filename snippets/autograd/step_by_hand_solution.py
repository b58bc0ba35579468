import torch

w = torch.tensor(1.0, requires_grad=True)
before = w
loss = (2 * w - 6) ** 2
loss.backward()  # w.grad is -16

# Your code:
# ...  # move w downhill by 0.1 times its gradient, then clear the gradient
with torch.no_grad():
    w -= 0.1 * w.grad
w.grad = None


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


why = "an optimizer would still hold the old one. Write the step with -=."
kind = type(w).__name__.lower()
check(w is before, f"w is a new {kind}, and {why}")
why = "no step was taken, or w.grad was cleared before it."
check(w.item() != 1, f"w is still 1.0: {why}")
check(w.item() > 1, f"w is {w.item():.1f}: downhill is against the gradient.")
check(abs(w.item() - 2.6) < 1e-6, f"w is {w.item():.1f}, not 1 + 0.1 * 16.")
left = 0 if w.grad is None else w.grad.item()
check(left == 0, f"w.grad is still {left}, and backward() would add to it.")
check(w.requires_grad, "w requires no gradient any more.")
print(f"Right: w is {w.item():.1f}, and its gradient is cleared")
