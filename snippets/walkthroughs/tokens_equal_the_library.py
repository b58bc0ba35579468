# needs: tokenizers
import re
from collections import Counter
from itertools import pairwise

from tokenizers import Regex, Tokenizer, models, pre_tokenizers

PIECE = r" ?[A-Za-z]+| ?[^A-Za-z \n]+|[ \n]"
text = "“Curiouser and curiouser!” cried Alice. The curious cat cried, too."


def merged(ids, pair, new):
    out = []
    for one in ids:
        if out and (out[-1], one) == pair:
            out[-1] = new
        else:
            out.append(one)
    return out


pieces = [list(piece.encode()) for piece in re.findall(PIECE, text)]
tokens, merges = [bytes([byte]) for byte in range(256)], []
for new in range(256, 280):
    pairs = Counter(pair for ids in pieces for pair in pairwise(ids))
    a, b = max(pairs, key=pairs.get)
    merges.append((tokens[a].decode("latin-1"), tokens[b].decode("latin-1")))
    tokens.append(tokens[a] + tokens[b])
    pieces = [merged(ids, (a, b), new) for ids in pieces]
by_hand = sum(pieces, [])

# The library merges letters: latin-1 has one for each byte.
numbers = {token.decode("latin-1"): i for i, token in enumerate(tokens)}
library = Tokenizer(models.BPE(vocab=numbers, merges=merges))
library.pre_tokenizer = pre_tokenizers.Split(Regex(PIECE), "isolated")
theirs = library.encode(text.encode().decode("latin-1")).ids

print(len(text.encode()), "bytes,", len(by_hand), "tokens")
print([tokens[one].decode("latin-1") for one in by_hand[-8:]])
print("equal:", by_hand == theirs)
