import torch

tokens = 27
targets = torch.arange(tokens)

# Your code:
# loss = ...  # of a model that guesses evenly
loss = -torch.log(torch.tensor(1 / tokens))


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(loss is not ..., "write your expression in place of the three dots.")
is_number = isinstance(loss, int | float | torch.Tensor)
check(is_number, f"loss is a {type(loss).__name__}, no number.")
loss = torch.as_tensor(loss)
check(loss.dim() == 0, f"loss has the shape {tuple(loss.shape)}.")
loss = round(loss.item(), 2)
check(loss != -3.3, "a loss is not below 0: take the negative logarithm.")
check(loss != 4.75, "4.75 comes from base 2: take the natural logarithm.")
check(loss != 0.04, "0.04 is the probability of a token, not its loss.")
even = torch.zeros(tokens, tokens)  # logits that prefer no token
real = torch.nn.functional.cross_entropy(even, targets).item()
check(abs(loss - real) < 0.01, f"loss is {loss}, but cross_entropy is not.")
print("Right: a guess has the loss", loss)
