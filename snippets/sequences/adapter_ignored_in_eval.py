# needs: peft
import torch
from peft import LoraConfig, get_peft_model
from torch import nn

torch.manual_seed(0)
x = torch.randn(2, 5, 16)
layer = nn.TransformerEncoderLayer(16, 2, 32, dropout=0.0, batch_first=True)
for name in ("linear1", "out_proj"):
    config = LoraConfig(target_modules=[name], init_lora_weights=False)
    tuned = get_peft_model(layer, config)
    for training in (True, False):
        tuned.train(training)
        y = tuned(x)
        with tuned.disable_adapter():
            gap = (y - tuned(x)).abs().max()
        print(f"{name:9} training {training!s:6} changed by {gap:.3f}")
    tuned.unload()
