# needs: transformers
import io
import logging
import tempfile

import torch
from transformers import AutoModelForSequenceClassification as Classifier
from transformers import GPT2Config, GPT2Model
from transformers.utils.logging import disable_progress_bar

said = io.StringIO()
logging.getLogger("transformers").handlers[0].setStream(said)
disable_progress_bar()
torch.manual_seed(0)
config = GPT2Config(n_layer=1, n_embd=8, n_head=2)
with tempfile.TemporaryDirectory() as folder:
    GPT2Model(config).save_pretrained(folder)
    for _ in range(2):
        model, info = Classifier.from_pretrained(
            folder, output_loading_info=True
        )
        (logits,) = model(torch.tensor([[3]])).logits.tolist()
        print([f"{n:.3f}" for n in logits])
print(info["missing_keys"])
print(said.getvalue().splitlines()[-1])
