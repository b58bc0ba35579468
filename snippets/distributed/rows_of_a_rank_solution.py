import torch


# Your code:
# def part(weight, rank, ranks):
#     return ...  # the rows that FSDP gives to a rank
def part(weight, rank, ranks):
    each = -(-len(weight) // ranks)  # rounded up
    return weight[rank * each : (rank + 1) * each]


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


for rows, ranks, right in (
    (4, 2, [[0, 1], [2, 3]]),
    (5, 2, [[0, 1, 2], [3, 4]]),
    (5, 4, [[0, 1], [2, 3], [4], []]),  # as fully_shard does
):
    weight = torch.arange(rows)[:, None]
    for rank in range(ranks):
        on = f"{rows} rows on {ranks} ranks: rank {rank} has"
        try:
            own = part(weight, rank, ranks)
        except IndexError as error:
            check(
                False, f"{on} no part, but {error!r}: an empty one is right."
            )
        check(own is not ..., "write your expression in place of the dots.")
        check(torch.is_tensor(own), "part returns no tensor.")
        found = own.flatten().tolist()
        check(found == right[rank], f"{on} {found}, not {right[rank]}.")
print("Right: 5 rows on 4 ranks are", right)
