# needs: transformers
# takes: 20 s
import torch
from torch.nn import functional as F
from transformers import GPT2Config, GPT2LMHeadModel

sizes = dict(vocab_size=512, n_positions=64, n_embd=64, n_layer=3, n_head=4)
config = GPT2Config(**sizes, bos_token_id=0, eos_token_id=0)
theirs = GPT2LMHeadModel(config).eval()
torch.manual_seed(0)
for values in theirs.parameters():
    torch.nn.init.normal_(values, std=0.3)  # also what begins as 0 or 1
weights = theirs.transformer.state_dict()


# Conv1D keeps its weight as (inputs, outputs), nn.Linear the other way round.
def linear(x, name):
    return F.linear(x, weights[f"{name}.weight"].T, weights[f"{name}.bias"])


def norm(x, name):
    kept = weights[f"{name}.weight"], weights[f"{name}.bias"]
    return F.layer_norm(x, (64,), *kept)


def gpt(ids):
    x = weights["wte.weight"][ids] + weights["wpe.weight"][: ids.shape[1]]
    for h in ("h.0", "h.1", "h.2"):
        parts = linear(norm(x, f"{h}.ln_1"), f"{h}.attn.c_attn")
        q, k, v = parts.unflatten(2, (3, 4, -1)).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + linear(seen.transpose(1, 2).flatten(2), f"{h}.attn.c_proj")
        inner = linear(norm(x, f"{h}.ln_2"), f"{h}.mlp.c_fc")
        x = x + linear(F.gelu(inner, approximate="tanh"), f"{h}.mlp.c_proj")
    return norm(x, "ln_f") @ weights["wte.weight"].T


ids = torch.randint(512, (4, 64))
with torch.no_grad():
    mine, right = gpt(ids), theirs(ids).logits
print("largest logit", round(right.max().item(), 1), end=", ")
print("largest difference", round((mine - right).abs().max().item(), 5))
