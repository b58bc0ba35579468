# needs: transformers
import logging
import tempfile

from transformers import AutoModelForCausalLM, GPT2Config, GPT2Model
from transformers import AutoModelForSequenceClassification as Classifier
from transformers.utils.logging import disable_progress_bar

logging.getLogger("transformers").setLevel(logging.ERROR)
disable_progress_bar()
config = GPT2Config(n_layer=1, n_embd=8, n_head=2)
loud = {"output_loading_info": True}
with tempfile.TemporaryDirectory() as folder:
    GPT2Model(config).save_pretrained(folder)  # without a head
    model, info = AutoModelForCausalLM.from_pretrained(folder, **loud)
    print("missing:", info["missing_keys"])
    print("tied:", model.lm_head.weight is model.transformer.wte.weight)

    Classifier.from_pretrained(folder).save_pretrained(folder)  # 2 classes
    loud |= {"num_labels": 3, "ignore_mismatched_sizes": True}
    model, info = Classifier.from_pretrained(folder, **loud)
    print("missing:", info["missing_keys"])
    print("mismatched:", *info["mismatched_keys"])
