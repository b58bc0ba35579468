import torch

tokens = torch.tensor([[5, 3, 8, 1, 9], [2, 2, 7, 4, 6]])  # two texts

# Your code:
# inputs = ...  # (2, 4)
# targets = ...  # (2, 4): at each place the next token
inputs = tokens[:, :-1]
targets = tokens[:, 1:]


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


parts = {"inputs": inputs, "targets": targets}
for name, part in parts.items():
    check(part is not ..., f"write an expression for {name}.")
    kind = type(part).__name__
    check(torch.is_tensor(part), f"{name} is a {kind}, no tensor.")
    shape = tuple(part.shape)
    check(shape != (1, 5), "you cut off a text: the batch is first.")
    check(shape == (2, 4), f"the shape of {name} is {shape}, not (2, 4).")
one, two = inputs[0].tolist(), targets[0].tolist()
check(one != two, "inputs equal targets: the model would only copy.")
check(one[0] == 5, f"the inputs begin with {one[0]}, not with 5.")
check(one == [5, 3, 8, 1], f"the inputs are {one}.")
check(two == [3, 8, 1, 9], f"after {one} should come [3, 8, 1, 9], not {two}.")
one_more, second = inputs[1].tolist(), targets[1].tolist()
why = "shift each text by itself."
check(one_more == [2, 2, 7, 4], f"the inputs of text 1 are {one_more}: {why}")
check(second == [2, 7, 4, 6], f"the targets of text 1 are {second}: {why}")
print("Right: after", one, "come", two)
