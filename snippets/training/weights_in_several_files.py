# needs: safetensors, transformers
import json
import tempfile
from pathlib import Path

from safetensors.torch import load_file
from transformers import GPT2Config, GPT2Model
from transformers.utils.logging import disable_progress_bar

disable_progress_bar()
config = GPT2Config(n_layer=1, n_embd=8, n_head=2)
model = GPT2Model(config)
with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    model.save_pretrained(folder, max_shard_size="1MB")
    text = (folder / "model.safetensors.index.json").read_text()
    files = json.loads(text)["weight_map"]  # name of a weight: its file
    weights = {}
    for file in sorted(set(files.values())):
        part = load_file(folder / file)
        print(file, "holds", len(part), "of", len(files))
        weights |= part
print(GPT2Model(config).load_state_dict(weights))
