import torch

x, w = torch.ones(64, 512), torch.ones(512, 256)  # float32
y = x @ w

# Your code:
# intensity = ...  # operations for each byte of x, w and y
intensity = 2 * 64 * 512 * 256 / (x.nbytes + w.nbytes + y.nbytes)


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


check(
    intensity is not ..., "write your expression in place of the three dots."
)
is_number = isinstance(intensity, int | float | torch.Tensor)
check(is_number, f"intensity is a {type(intensity).__name__}, no number.")
check(torch.as_tensor(intensity).numel() == 1, "that is no single number.")
said = round(float(intensity), 2)
check(said != 11.64, "each product is also added: count two operations.")
check(said != 93.09, "those are operations for each number, of four bytes.")
check(said != 25.6, "the result y has to be written, too.")
check(said != 32, "x and y move through memory, too.")
check(said != 16777216, "those are all operations: divide by the bytes.")
check(said == 23.27, f"{said} is not the quotient of operations and bytes.")
print("Right:", said, "operations for each byte")
