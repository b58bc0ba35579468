# needs: onnxruntime
# takes: 30 s
import logging
import warnings

import torch
from torch import nn

logging.disable()  # as in a notebook whose log nobody reads
model = nn.Linear(4, 3).eval()
old = {"dynamic_axes": {"x": {0: "rows"}}, "opset_version": 11}
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    program = torch.onnx.export(
        model, (torch.ones(2, 4),), input_names=["x"], verbose=False, **old
    )
for one in caught:
    if "dynamic_axes" in str(one.message):
        print(f"{one.category.__name__}: {str(one.message)[:57]} …")
print("shape of x:", program.model.graph.inputs[0].shape)
print("operator set:", program.model.opset_imports[""])
