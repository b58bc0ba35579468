from collections import abc
from math import inf

print(inf, isinstance("text", str), isinstance([], abc.Iterable))
