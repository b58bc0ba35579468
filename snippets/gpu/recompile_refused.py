# raises: torch._dynamo.exc.RecompileError
# takes: 20 s
import torch

f = torch.compile(lambda x: x * 2, backend="eager")
f(torch.ones(2, 3))
with torch._dynamo.config.patch(error_on_recompile=True):
    try:
        f(torch.ones(4, 3))
    except torch._dynamo.exc.RecompileError as error:
        reason = str(error).splitlines()[-1].split(": ")[1]
        error.args = (reason,)  # without paths of this machine
        raise
