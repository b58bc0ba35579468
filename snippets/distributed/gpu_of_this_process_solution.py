# Your code:
# def device_of(env):
#     return ...  # such as "cuda:0", from what torchrun sets
def device_of(env):
    return f"cuda:{env['LOCAL_RANK']}"


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


def started(machines, each):
    """What torchrun sets in all processes."""
    world = {"WORLD_SIZE": machines * each, "LOCAL_WORLD_SIZE": each}
    for rank in range(machines * each):
        own = {"RANK": rank, "LOCAL_RANK": rank % each}
        yield {name: str(one) for name, one in (world | own).items()}


for machines, each in ((1, 2), (2, 4), (2, 3)):
    found = [str(device_of(env)) for env in started(machines, each)]
    check(found[0] != "Ellipsis", "write the name in place of the three dots.")
    right = [f"cuda:{gpu}" for gpu in range(each)] * machines
    taken = f"the last machine takes {found[-each:]}"
    on = f"{machines} machines, {each} GPUs each: {taken}"
    check(set(found) <= set(right), f"{on}, and not all name a GPU there.")
    why = "process 0 of a machine takes GPU 0, and so on."
    check(found == right, f"{on}; {why}")
print("Right: the second machine uses", found[-3:])
