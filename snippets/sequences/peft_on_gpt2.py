# needs: peft, transformers
# warns: FutureWarning
import torch
from peft import LoraConfig, get_peft_model
from transformers import GPT2Config, GPT2LMHeadModel

with torch.device("meta"):  # shapes without numbers
    model = GPT2LMHeadModel(GPT2Config())
    config = LoraConfig(r=8, target_modules=["c_attn"], fan_in_fan_out=True)
    tuned = get_peft_model(model, config)
tuned.print_trainable_parameters()
