# figure: A table of eleven tensor types; the columns are a Python True, 1,
#     1.0 and 1j, and a tensor of no dimensions of type i64, f64 and c128.
#     Floating-point tensors keep their type next to every real number.
#     Integer tensors keep theirs next to integers and become f32 next to
#     1.0, f64 next to the f64 tensor.
import matplotlib.pyplot as plt
import torch

short = {"bool": "b", "uint": "u", "int": "i", "float": "f"}
short |= {"bfloat": "bf", "complex": "c", "bcomplex": "bc"}
types = [torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32]
types += [torch.int64, torch.float16, torch.bfloat16, torch.float32]
types += [torch.float64, torch.complex64]
wide = (torch.int64, torch.float64, torch.complex128)
numbers = [True, 1, 1.0, 1j] + [torch.ones((), dtype=t) for t in wide]
heads = ["True", "1", "1.0", "1j", "i64\n( )", "f64\n( )", "c128\n( )"]
fig, ax = plt.subplots(figsize=(5.4, 4.8))
ax.set(xlim=(-1.4, 6.6), ylim=(10.6, -1.8))
ax.axis("off")


def write(text, x, y):
    ax.text(x, y, text, ha="center", va="center")


for i, dtype in enumerate(types):
    for j, number in enumerate([torch.ones(2, dtype=dtype), *numbers]):
        result = torch.result_type(torch.ones(2, dtype=dtype), number)
        name = str(result)[6:].rstrip("0123456789")
        write(short[name] + str(result)[6 + len(name) :], j - 1, i)
        if j and not i:
            write(heads[j - 1], j - 1, -1.1)
        if j:
            color = f"C{list(short).index(name)}"
            ax.bar(j - 1, 1, 1, i - 0.5, fc=color, ec="0.5", alpha=0.3)
fig.savefig("promotion_with_numbers.svg")
