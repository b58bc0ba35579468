# needs: peft, transformers
# warns: FutureWarning
# takes: 20 s
import copy
from importlib.resources import files

import torch
from peft import LoraConfig, get_peft_model
from transformers import GPT2Config, GPT2LMHeadModel


def lora(A, B):  # the scale, alpha / rank, is 8 / 4
    return lambda layer, inputs, old: old + 2 * (inputs[0] @ A.T @ B.T)


sizes = dict(vocab_size=512, n_positions=64, n_embd=64, n_layer=3, n_head=4)
config = GPT2Config(**sizes, bos_token_id=0, eos_token_id=0)
model = GPT2LMHeadModel(config).eval()
# A file of this site, in the folder weights beside this one. Its parameters
# have the same order; Conv1D keeps its weight as (inputs, outputs).
kept = torch.load(files("weights") / "language-model.pt").values()
for n, (new, old) in enumerate(zip(model.parameters(), kept, strict=True)):
    new.data.copy_(old.T if n > 1 and old.dim() == 2 else old)

options = dict(r=4, lora_alpha=8, fan_in_fan_out=True)
config = LoraConfig(target_modules=["c_attn"], **options)
theirs = get_peft_model(copy.deepcopy(model), config)
own, merged = copy.deepcopy(model), copy.deepcopy(model)
torch.manual_seed(0)
ids = torch.randint(512, (4, 64))
AB = [p.data.normal_(std=0.1) for p in theirs.parameters() if p.requires_grad]
blocks = own.transformer.h, merged.transformer.h, AB[::2], AB[1::2]
for block, other, A, B in zip(*blocks, strict=True):
    block.attn.c_attn.register_forward_hook(lora(A, B))
    other.attn.c_attn.weight.data += 2 * (B @ A).T

right = theirs(ids).logits
theirs.print_trainable_parameters()
models = model, own, merged, theirs.merge_and_unload()
names = "base", "own", "own, merged", "peft, merged"
for name, one in zip(names, models, strict=True):
    print(f"{name:12} gap {(one(ids).logits - right).abs().max():.4f}")
