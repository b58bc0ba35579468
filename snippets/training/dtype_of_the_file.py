# needs: transformers
import json
import tempfile
from pathlib import Path

import torch
from transformers import GPT2Config, GPT2Model
from transformers.utils.logging import disable_progress_bar

disable_progress_bar()
config = GPT2Config(n_layer=1, n_embd=8, n_head=2)
with tempfile.TemporaryDirectory() as folder:
    GPT2Model(config).bfloat16().save_pretrained(folder)
    print(GPT2Model.from_pretrained(folder).dtype)
    print(GPT2Model.from_pretrained(folder, dtype=torch.float32).dtype)

    file = Path(folder, "config.json")
    changed = json.loads(file.read_text()) | {"dtype": "float16"}
    file.write_text(json.dumps(changed))
    print(GPT2Model.from_pretrained(folder).dtype)
