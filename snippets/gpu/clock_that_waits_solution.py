now, queued, compiled = 0, 0, False  # a GPU with a clock that always agrees


def work():  # queues one second of work, the first time nine
    global queued, compiled
    queued, compiled = queued + (1 if compiled else 9), True


def wait():  # until the queue is empty, as torch.accelerator.synchronize
    global now, queued
    now, queued = now + queued, 0


# Your code:
# def measure(calls):
#     start = now
#     for _ in range(calls):
#         work()
#     return (now - start) / calls
def measure(calls):
    work()
    wait()
    start = now
    for _ in range(calls):
        work()
    wait()
    return (now - start) / calls


# Check:
def check(fine, words):
    if not fine:
        raise SystemExit(f"Not yet: {words}")


said = measure(4)
check(isinstance(said, int | float), "measure returns no number.")
check(said != 0, "0 seconds: the clock stops before the work is done.")
check(said != 3, "3 seconds: the first call, the slow one, is in the mean.")
check(said != 3.25, "3.25 seconds: the first call still ran at the start.")
check(said != 4, "4 seconds are those of all calls: divide them.")
check(said == 1, f"{said} seconds for a call that takes one.")
check(measure(2) == 1, "measure(4) is right, measure(2) is not.")
print("Right: a call takes", said, "second")
