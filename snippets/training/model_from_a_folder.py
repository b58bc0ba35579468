# needs: transformers
import os
import tempfile

import torch
from transformers import AutoModelForCausalLM, GPT2Config, GPT2LMHeadModel
from transformers.utils.logging import disable_progress_bar

disable_progress_bar()
torch.manual_seed(0)
config = GPT2Config(n_layer=1, n_embd=8, n_head=2)
model = GPT2LMHeadModel(config)  # random weights
with tempfile.TemporaryDirectory() as folder:
    model.save_pretrained(folder)
    print(sorted(os.listdir(folder)))
    loaded = AutoModelForCausalLM.from_pretrained(folder)
print(type(loaded).__name__)
print("training:", model.training, "loaded:", loaded.training)
tokens = torch.tensor([[3, 1, 4]])
for name in ("train", "eval"):
    getattr(model, name)()
    same = torch.equal(model(tokens).logits, loaded(tokens).logits)
    print(f"equal to the model in {name} mode: {same}")
