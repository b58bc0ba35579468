import torch
import torch.nn.functional as F

torch.manual_seed(0)
k, v = torch.randn(2, 1, 6, 4)  # six cached places
q = torch.randn(1, 1, 4)  # one new token

right = F.scaled_dot_product_attention(q, k, v)
wrong = F.scaled_dot_product_attention(q, k, v, is_causal=True)
print(f"gap to the right result: {(wrong - right).abs().max():.3f}")
print(f"gap to the first value:  {(wrong - v[:, :1]).abs().max():.3f}")
