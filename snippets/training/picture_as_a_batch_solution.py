import torch

# (height, width, colours), as Pillow reads it
picture = torch.arange(24, dtype=torch.uint8).reshape(2, 4, 3) * 10

# Your code:
# batch = ...  # (1, 3, 2, 4), float32, from 0 to 1
batch = picture.permute(2, 0, 1)[None] / 255


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(batch is not ..., "write your expression in place of the three dots.")
kind = type(batch).__name__
check(torch.is_tensor(batch), f"batch is a {kind}, no tensor.")
shape = tuple(batch.shape)
check(shape == (1, 3, 2, 4), f"batch has the shape {shape}, not (1, 3, 2, 4).")
why = "a network wants floats: divide by 255."
check(batch.dtype != torch.uint8, f"batch holds torch.uint8; {why}")
why = "the weights of a network are float32."
check(batch.dtype == torch.float32, f"batch holds {batch.dtype}; {why}")
most = batch.max().item()
check(most <= 1, f"the largest number is {most}: divide by 255.")
words = f"the largest number is {most:.3f}, not 230 / 255."
check(abs(most - 230 / 255) < 1e-4, words)
red = (batch[0, 0] * 255).round().flatten().tolist()
wanted = picture[..., 0].flatten().tolist()
why = "reshape mixes the colours: move the dimension."
check(red == wanted, f"the red of the first pixels is {red[:2]}: {why}")
print("Right: one picture of three colours,", shape)
