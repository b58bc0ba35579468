import torch

w = torch.tensor(1.0, requires_grad=True)
prediction, target = w, 2 * w

# Your code:
# loss = ...  # (prediction - target) ** 2, and no gradient through the target
loss = (prediction - target.detach()) ** 2


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(loss is not ..., "write your expression in place of the three dots.")
check(torch.is_tensor(loss), f"loss is a {type(loss).__name__}, no tensor.")
check(loss.shape == (), f"loss has the shape {tuple(loss.shape)}, not ().")
check(loss.item() == 1, f"loss is {loss.item()}, not (1 - 2) ** 2.")
check(loss.requires_grad, "loss has no graph: cut off the target alone.")
check(w.grad is None, "w.grad is filled: leave backward() to the check.")
loss.backward()
check(w.grad is not None, "no gradient arrives at w: use the prediction.")
slope = w.grad.item()
check(slope != 2, "the gradient is 2.0: it also went through the target.")
check(slope != 4, "the gradient is 4.0: it went through the target alone.")
check(slope == -2, f"the gradient is {slope}, not -2.0.")
print("Right: the gradient is", slope)
