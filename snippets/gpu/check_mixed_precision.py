from timeit import repeat

import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
no_gpu = "----  needs a GPU:" if device.type == "cpu" else ""


def check(claim, holds):
    print({True: "yes ", False: "no  "}.get(holds, holds), claim)


def product(x, way="ieee"):
    torch.backends.cuda.matmul.fp32_precision = way
    return (x @ x)[0].tolist()  # waits for the result


def seconds(x):
    return min(repeat(lambda: product(x), number=1, repeat=5))


no_cuda = no_gpu or ("" if device.type == "cuda" else "----  needs CUDA:")
new = torch.cuda.is_bf16_supported(including_emulation=False)
old = no_cuda or ("" if new else "----  needs compute capability 8.0:")
old = old or ("----  needs NVIDIA:" if torch.version.hip else "")
x = torch.randn(2 * [64 if old else 4096], device=device)
w = torch.ones_like(x, requires_grad=True)
with torch.autocast(device.type, dtype=torch.bfloat16):
    y = x @ w
    soft, loss = y.softmax(1), torch.nn.functional.mse_loss(y, x)
loss.backward()
default = torch.get_autocast_dtype(device.type)
check("products are bfloat16", y.dtype == torch.bfloat16)
check("loss and gradient are float32", loss.dtype == w.grad.dtype == x.dtype)
check("softmax is float32, too", no_cuda or soft.dtype == x.dtype)
check("autocast defaults to float16", no_gpu or default == torch.float16)
check("TF32 rounds products", old or product(x, "tf32") != product(x))
check("bfloat16 is faster", old or seconds(x.bfloat16()) < seconds(x))
