# figure: Four panels of five bars, the probabilities of five words. At
#    temperature 1 the bars fall from top to bottom. At 0.5 the first bar is
#    much longer, at 2 all are more equal, and top-k 2 leaves two bars.
import matplotlib.pyplot as plt
import torch

words = ["mat", "sofa", "roof", "table", "moon"]
logits = torch.tensor([3.0, 2.5, 1.5, 1.0, -1.0])
second = logits.topk(2).values[-1]
choices = {
    "temperature 1": logits,
    "temperature 0.5": logits / 0.5,
    "temperature 2": logits / 2,
    "top-k 2": logits.masked_fill(logits < second, -torch.inf),
}

style = {"sharex": True, "sharey": True, "layout": "constrained"}
fig, panels = plt.subplots(2, 2, figsize=(5.4, 3.4), **style)
for n, (ax, name) in enumerate(zip(panels.flat, choices, strict=True)):
    probabilities = choices[name].softmax(dim=0).tolist()
    ax.barh(words, probabilities, color=f"C{n}", alpha=0.6)
    ax.set(title=name, xlim=(0, 0.8), xticks=[0, 0.5])
panels[0, 0].invert_yaxis()
fig.savefig("next_token_choices.svg")
