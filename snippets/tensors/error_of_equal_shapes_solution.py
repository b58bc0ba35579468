import torch

prediction = torch.tensor([[1.0], [2.0], [2.0], [7.0]])  # (4, 1)
target = torch.tensor([1.0, 2.0, 3.0, 4.0])  # (4,)

# Your code:
# loss = ...  # the mean of four squares
loss = ((prediction.squeeze(1) - target) ** 2).mean()


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(loss is not ..., "write your expression in place of the three dots.")
check(torch.is_tensor(loss), f"loss is a {type(loss).__name__}, no tensor.")
shape = tuple(loss.shape)
check(shape == (), f"loss has the shape {shape}: take the mean.")
said = round(loss.item(), 3)
why = "(4, 1) and (4,) make a table of (4, 4)."
check(said != 7, f"loss is 7.0, the mean of 16 squares: {why}")
check(said != 10, "loss is 10.0, the sum of four squares: divide it by four.")
why = "the mean of the errors: square each of them."
check(abs(said) not in (0.5, 1), f"loss is {said}, {why}")
check(said == 2.5, f"loss is {said}; the four errors are 0, 0, -1 and 3.")
print("Right: the loss is", said)
