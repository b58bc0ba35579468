# raises: RuntimeError
import torch

torch.backends.cuda.matmul.fp32_precision = "tf32"
torch.get_float32_matmul_precision()
