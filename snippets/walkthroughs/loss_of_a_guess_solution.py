import torch

tokens = 512
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
loss = round(loss.item(), 3)
check(loss != -6.238, "a loss is not below 0: take the negative logarithm.")
check(loss != 9, "9.0 comes from base 2: take the natural logarithm.")
check(loss != 0.002, "0.002 is the probability of a token, not its loss.")
even = torch.zeros(tokens, tokens)  # logits that prefer no token
real = torch.nn.functional.cross_entropy(even, targets).item()
words = f"loss is {loss}, and cross_entropy of equal logits {real:.3f}."
check(abs(loss - real) < 0.01, words)
print("Right: a guess has the loss", loss)
