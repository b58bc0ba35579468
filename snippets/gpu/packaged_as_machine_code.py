# needs: compiler
# takes: 120 s
import os
import tempfile
import warnings
import zipfile

import torch
from torch import nn
from torch._inductor import aoti_compile_and_package, aoti_load_package

warnings.simplefilter("ignore", FutureWarning)  # of the packager's own code

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)).eval()
rows = ({0: torch.export.Dim("rows", min=1, max=64)},)
x = torch.randn(5, 4)
program = torch.export.export(model, (x,), dynamic_shapes=rows)

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "model.pt2")
    tidy = {"aot_inductor.precompile_headers": False}  # else files stay
    aoti_compile_and_package(program, package_path=path, inductor_configs=tidy)
    packaged = aoti_load_package(path)
    names = zipfile.ZipFile(path).namelist()

print("machine code inside:", any(name.endswith(".so") for name in names))
for size in (5, 64):
    x = torch.randn(size, 4)
    gap = (packaged(x) - model(x)).abs().max().item()
    print(size, "rows, equal to 1e-6:", gap < 1e-6)
