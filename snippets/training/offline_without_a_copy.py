# needs: transformers
# raises: OSError
# takes: 20 s
import os
import tempfile

with tempfile.TemporaryDirectory() as folder:
    os.environ["HF_HOME"] = folder  # holds no model
    os.environ["HF_HUB_OFFLINE"] = "1"  # before the import

    from transformers import AutoModel

    AutoModel.from_pretrained("gpt2")
