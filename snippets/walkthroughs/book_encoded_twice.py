# needs: tokenizers
import json
import re
from importlib.resources import files

from tokenizers import Regex, Tokenizer, models, pre_tokenizers

PIECE = r" ?[A-Za-z]+| ?[^A-Za-z \n]+|[ \n]"
# Two files of this site, in the folders text and weights beside this one.
book = (files("text") / "alice.txt").read_bytes().decode("latin-1")
kept = (files("weights") / "language-model.safetensors").read_bytes()
head = json.loads(kept[8 : 8 + int.from_bytes(kept[:8], "little")])
merges = json.loads(head["__metadata__"]["merges"])

# By hand: each token is one letter, and no merge crosses the cut "\0".
line = "\0".join(re.findall(PIECE, book))
tokens = [chr(byte) for byte in range(256)]
for new, (a, b) in enumerate(merges, 256):
    line = line.replace(chr(a) + chr(b), chr(new))
    tokens.append(tokens[a] + tokens[b])
by_hand = [ord(one) for one in line if one != "\0"]

numbers = {token: i for i, token in enumerate(tokens)}
pairs = [(tokens[a], tokens[b]) for a, b in merges]
library = Tokenizer(models.BPE(vocab=numbers, merges=pairs))
library.pre_tokenizer = pre_tokenizers.Split(Regex(PIECE), "isolated")
theirs = library.encode(book).ids

equal = sum(one == other for one, other in zip(by_hand, theirs, strict=True))
print(len(merges), "merges,", len(book), "bytes")
print(equal, "of", len(by_hand), "tokens are equal")
