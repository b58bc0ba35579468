# needs: peft
import copy
import os
import tempfile

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(48, 128), nn.ReLU(), nn.Linear(128, 10))
base, x = copy.deepcopy(model), torch.randn(5, 48)
old = base(x)
config = LoraConfig(r=4, lora_alpha=8, target_modules=["0", "2"])
config.init_lora_weights = False  # as if trained: B is not zero
tuned = get_peft_model(model, config)
with tempfile.TemporaryDirectory() as folder:
    tuned.save_pretrained(folder)
    print(sorted(os.listdir(folder)))
    saved = LoraConfig.from_pretrained(folder)
    print("rank", saved.r, "alpha", saved.lora_alpha)
    loaded = PeftModel.from_pretrained(base, folder)
print(f"without: gap {(old - tuned(x)).abs().max():.4f}")
print(f"loaded:  gap {(loaded(x) - tuned(x)).abs().max():.4f}")
loaded.add_adapter("other", config)  # a second one, not active
merged = loaded.merge_and_unload()
print(f"merged:  gap {(merged(x) - tuned(x)).abs().max():.4f}")
print(merged)
