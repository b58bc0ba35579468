# figure: A table of eleven types against each other; each cell names the
#     type of their sum. Floating point wins over integers, whatever their
#     size, and complex over both. Bold cells have a type that neither side
#     had: u8 and i8 give i16, f16 and bf16 give f32, c64 and f64 give c128.
import matplotlib.pyplot as plt
import torch

short = {"bool": "b", "uint": "u", "int": "i", "float": "f"}
short |= {"bfloat": "bf", "complex": "c"}
types = [torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32]
types += [torch.int64, torch.float16, torch.bfloat16, torch.float32]
types += [torch.float64, torch.complex64]
fig, ax = plt.subplots(figsize=(5.4, 4.4))
ax.set(xlim=(-1.7, 10.5), ylim=(10.5, -1.5))
ax.axis("off")


def write(dtype, x, y, weight="normal"):
    name = str(dtype)[6:].rstrip("0123456789")
    text = short[name] + str(dtype)[6 + len(name) :]
    ax.text(x, y, text, ha="center", va="center", weight=weight)
    return list(short).index(name)


for i, row in enumerate(types):
    write(row, -1.1, i), write(row, i, -1.1)
    for j, column in enumerate(types):
        result = torch.promote_types(row, column)
        new = result not in (row, column)
        kind = write(result, j, i, "bold" if new else "normal")
        ax.bar(j, 1, 1, i - 0.5, fc=f"C{kind}", ec="0.5", alpha=0.3)
fig.savefig("promotion_matrix.svg")
