import torch
from torch.nn.functional import scaled_dot_product_attention

torch.manual_seed(0)
q, k, v = torch.randn(3, 4, 8)
v = torch.eye(4)  # so the results are the weights

# Your code:
# mask = ...  # (4, 4), bool: a row for each query
mask = torch.ones(4, 4, dtype=torch.bool).tril()


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(mask is not ..., "write your expression in place of the three dots.")
kind = type(mask).__name__
check(torch.is_tensor(mask), f"mask is a {kind}, no tensor.")
shape = tuple(mask.shape)
check(shape == (4, 4), f"the shape of mask is {shape}, not (4, 4).")
check(mask.dtype == torch.bool, f"the dtype of mask is {mask.dtype}.")
weights = scaled_dot_product_attention(q, k, v, attn_mask=mask)
seen = [row.nonzero().flatten().tolist() for row in weights.nan_to_num()]
check(seen[0], "word 0 sees nothing: it should see itself.")
check(seen[0] == [0], f"word 0 sees the words {seen[0]}, not itself alone.")
check(seen[3] == [0, 1, 2, 3], f"word 3 sees only the words {seen[3]}.")
check(seen[1:3] == [[0, 1], [0, 1, 2]], f"words 1 and 2 see {seen[1:3]}.")
print("Right: the words see", seen)
