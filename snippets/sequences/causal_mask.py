import torch
import torch.nn.functional as F

torch.manual_seed(0)
x = torch.randn(1, 4, 8)
changed = x.clone()
changed[0, 3] = 9.0  # another last word

for causal in [False, True]:
    before, after = (
        F.scaled_dot_product_attention(one, one, one, is_causal=causal)
        for one in (x, changed)
    )
    same = (before == after).all(dim=-1)[0]
    print(f"is_causal={causal}: same", same.tolist())
