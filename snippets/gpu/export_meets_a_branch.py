# raises: torch.fx.experimental.symbolic_shapes.GuardOnDataDependentSymNode
# takes: 20 s
import contextlib
import io
import logging

import torch
from torch import nn


class Branch(nn.Module):
    def forward(self, x):
        return 3 * x if x > 0 else x**2


logging.disable(logging.WARNING)  # notes with paths of this machine
with contextlib.redirect_stderr(io.StringIO()):  # the graph so far
    try:
        torch.export.export(Branch(), (torch.tensor(1.0),))
    except RuntimeError as error:
        error.args = (str(error).strip().split("  (")[0],)  # of many lines
        raise
