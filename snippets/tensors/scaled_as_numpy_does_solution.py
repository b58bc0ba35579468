import torch

x = torch.tensor([1.0, 3.0, 3.0, 9.0])

# Your code:
# scaled = ...  # (4,): the mean 0, and the mean of the squares 1
scaled = (x - x.mean()) / x.std(correction=0)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(scaled is not ..., "write your expression in place of the three dots.")
kind = type(scaled).__name__
check(torch.is_tensor(scaled), f"scaled is a {kind}, no tensor.")
shape = tuple(scaled.shape)
check(shape == (4,), f"the shape of scaled is {shape}, not (4,).")
mean, square = scaled.mean().item(), (scaled**2).mean().item()
check(abs(mean) < 1e-6, f"the mean of scaled is {mean:.1f}, not 0.")
why = "PyTorch's std() divides by 3 where NumPy's divides by 4."
check(abs(square - 0.75) > 1e-4, f"the mean of the squares is 0.75: {why}")
said = f"the mean of the squares is {square:.4g}, not 1."
check(abs(square - 1) < 1e-4, said)
right = [-1, -0.33, -0.33, 1.67]
said = [round(number, 2) for number in scaled.tolist()]
check(said == right, f"scaled is {said}: subtract and divide, no more.")
print("Right:", said)
