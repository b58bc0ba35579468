rows = [f"row {number}" for number in range(10)]


# Your code:
# def part(rows, worker, workers):  # worker is 0, 1, … workers - 1
#     return rows
def part(rows, worker, workers):  # worker is 0, 1, … workers - 1
    return rows[worker::workers]


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


for workers in (1, 2, 3, 12):
    loaded = [part(rows, worker, workers) for worker in range(workers)]
    for one in loaded:
        kind = type(one).__name__
        check(isinstance(one, list), f"part returns a {kind}, not a list.")
    found = sum(loaded, start=[])
    often = max(map(found.count, found), default=0)
    why = "give each worker rows of its own."
    words = f"{workers} workers load a row {often} times: {why}"
    check(often < 2, words)
    lost = [row for row in rows if row not in found]
    check(not lost, f"{workers} workers leave out {lost}.")
    most = max(map(len, loaded))
    words = f"one of {workers} workers loads {most} rows: share them evenly."
    check(most <= -(-len(rows) // workers), words)
print("Right: each row is loaded once, by any number of workers")
