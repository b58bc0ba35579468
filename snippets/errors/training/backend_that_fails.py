# raises: torch._dynamo.exc.BackendCompilerFailed
import torch


def mine(graph, inputs):  # stands for a compiler that fails
    raise RuntimeError("this operation is unknown")


torch.compile(lambda x: x + 1, backend=mine)(torch.ones(2))
