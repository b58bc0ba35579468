"""Text to tokens and back: byte-pair encoding by hand."""

import re
from collections import Counter
from itertools import pairwise


# --8<-- [start:clean]
def clean(text):
    """One paragraph a line, without empty lines and rows of stars."""
    paragraphs = (" ".join(one.split()) for one in text.split("\n\n"))
    return "\n".join(one for one in paragraphs if re.search("[A-Za-z]", one))


# --8<-- [end:clean]

# --8<-- [start:pieces]
PIECE = re.compile(r" ?[A-Za-z]+| ?[^A-Za-z \n]+|[ \n]")


def merged(ids, pair, new):
    """The ids, with one new id in place of each such pair."""
    out = []
    for one in ids:
        if out and (out[-1], one) == pair:
            out[-1] = new
        else:
            out.append(one)
    return out


# --8<-- [end:pieces]
# --8<-- [start:learn]
def learn(text, size=512):
    """Pairs of ids, the most frequent first, and the new id of each."""
    counts = Counter(PIECE.findall(text))
    pieces = {piece: list(piece.encode()) for piece in counts}
    pairs = Counter()

    def count(piece, times):
        for pair in pairwise(pieces[piece]):
            pairs[pair] += times * counts[piece]

    for piece in pieces:
        count(piece, 1)
    merges = {}
    for new in range(256, size):
        best = max(pairs, key=pairs.get)
        merges[best] = new
        for piece, ids in pieces.items():
            if best in pairwise(ids):
                count(piece, -1)
                pieces[piece] = merged(ids, best, new)
                count(piece, 1)
    return merges


# --8<-- [end:learn]
# --8<-- [start:encode]
def encode(text, merges):
    """The ids of a text: each piece by itself, the earliest merge first."""
    known = {}
    for piece in set(PIECE.findall(text)):
        ids = list(piece.encode())
        while pairs := set(pairwise(ids)) & merges.keys():
            first = min(pairs, key=merges.get)
            ids = merged(ids, first, merges[first])
        known[piece] = ids
    return [one for piece in PIECE.findall(text) for one in known[piece]]


def vocabulary(merges):
    """The bytes of each token."""
    tokens = [bytes([byte]) for byte in range(256)]
    for left, right in merges:
        tokens.append(tokens[left] + tokens[right])
    return tokens


# --8<-- [end:encode]
