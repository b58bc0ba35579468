import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
loss = (w**2).sum()

# Your code:
# slope = ...  # as tape.gradient(loss, w) does, with no effect on w
(slope,) = torch.autograd.grad(loss, w)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(slope is not ..., "write your expression in place of the three dots.")
why = "it returns nothing, and adds to w.grad."
check(slope is not None, f"slope is None: if you called backward, {why}")
is_tuple = isinstance(slope, tuple)
check(not is_tuple, "slope is a tuple: take the gradient of w out of it.")
is_tensor = torch.is_tensor(slope)
check(is_tensor, f"slope is a {type(slope).__name__}, no tensor.")
shape = tuple(slope.shape)
check(shape == (2,), f"slope has the shape {shape}, and w has (2,).")
check(slope.tolist() == [2, 4], f"slope is {slope.tolist()}, not 2 w.")
check(w.grad is None, f"w.grad is {w.grad}: backward() adds to it.")
print("Right: the gradient is", slope.tolist(), "and w.grad is", w.grad)
