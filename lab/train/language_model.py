"""A small GPT, built like GPT-2, that has read one book."""

from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from lab.train.tokens import clean, encode, learn


# --8<-- [start:model]
# --8<-- [start:attention]
class Attention(nn.Module):
    """Each place looks at itself and at the places before it."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x):  # (batch, time, width)
        parts = self.qkv(x).unflatten(2, (3, self.heads, -1))
        q, k, v = parts.permute(2, 0, 3, 1, 4)  # (batch, heads, time, size)
        x = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out(x.transpose(1, 2).flatten(2))


# --8<-- [end:attention]
# --8<-- [start:block]
class Block(nn.Module):
    """Attention, then an MLP; each adds something to what came in."""

    def __init__(self, width, heads, dropout):
        super().__init__()
        self.norm_1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.norm_2 = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        x = x + self.drop(self.attention(self.norm_1(x)))
        inner = F.gelu(self.up(self.norm_2(x)), approximate="tanh")
        return x + self.drop(self.down(inner))


# --8<-- [end:block]
# --8<-- [start:gpt]
class GPT(nn.Module):
    """Ids (batch, time) to logits of the next id (batch, time, tokens)."""

    def __init__(
        self, tokens=512, context=64, width=64, heads=4, blocks=3, dropout=0.1
    ):
        super().__init__()
        self.context = context
        self.token = nn.Embedding(tokens, width)
        self.position = nn.Embedding(context, width)
        nn.init.normal_(self.token.weight, std=0.02)
        nn.init.normal_(self.position.weight, std=0.02)
        stack = [Block(width, heads, dropout) for _ in range(blocks)]
        self.blocks = nn.Sequential(*stack)
        self.norm = nn.LayerNorm(width)
        self.drop = nn.Dropout(dropout)

    def forward(self, ids):
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.drop(self.token(ids) + self.position(places))
        x = self.norm(self.blocks(x))
        return x @ self.token.weight.T  # the same weights: tied


# --8<-- [end:gpt]
# --8<-- [end:model]


# --8<-- [start:loss]
def loss_of(model, rows):
    """Rows of ids, each one longer than what the model reads, to the loss."""
    logits = model(rows[:, :-1])
    return F.cross_entropy(logits.flatten(0, 1), rows[:, 1:].flatten())


# --8<-- [end:loss]
# --8<-- [start:fit]
def fit(model, ids, steps, batch=32, rate=6e-3):
    """Train on random passages; gives the loss of each step."""
    rows = ids.unfold(0, model.context + 1, 1)  # from each place on
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=rate, total_steps=steps
    )
    losses = []
    model.train()
    for _ in range(steps):
        loss = loss_of(model, rows[torch.randint(len(rows), (batch,))])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return losses


# --8<-- [end:fit]

STEPS, BRIEF, BATCH = 1600, 400, 16
FLOOR = {"first": 0.08, "in ten": 0.3}
RECIPE = {"batch": BATCH, "optimizer": "AdamW", "learning rate": "one cycle, to 0.006"}
DATA = (
    "Alice's Adventures in Wonderland by Lewis Carroll (1865, public domain), the "
    "first nine tenths to train on, the last to test on. first, in ten: how "
    "often the next token is the most probable one, or one of the ten most probable."
)
SOURCES = ("language_model.py", "tokens.py")
BOOK = Path(__file__).parents[2] / "docs" / "assets" / "text" / "alice.txt"


def book() -> tuple[torch.Tensor, torch.Tensor, dict]:
    """Ids to train on, ids to measure on, and the merges that made them."""
    text = clean(BOOK.read_text(encoding="utf-8"))
    merges = learn(text)
    ids = torch.tensor(encode(text, merges))
    cut = len(ids) * 9 // 10
    return ids[:cut], ids[cut:], merges


def build() -> nn.Module:
    return GPT()


def measure(model: nn.Module) -> dict[str, float]:
    rows = book()[1].unfold(0, model.context + 1, model.context)
    model.eval()
    with torch.no_grad():
        right = model(rows[:, :-1]).topk(10).indices == rows[:, 1:, None]
    shares = {"first": right[..., 0], "in ten": right.any(-1)}
    return {name: share.float().mean().item() for name, share in shares.items()}


def train(seed: int, steps: int) -> tuple[nn.Module, dict[str, float]]:
    torch.manual_seed(seed)
    model = build()
    fit(model, book()[0], steps, BATCH)
    return model, measure(model)
