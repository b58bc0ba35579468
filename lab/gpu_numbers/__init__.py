"""`python -m lab gpu-numbers`: how fast this machine's device computes and copies.

Each case is built on random data, checked against float64, warmed up, and then timed:
on a GPU with events, on a CPU with the clock. It needs torch and the standard library.
"""
