# ---
# description: "Find objects with a pretrained detector in PyTorch: boxes, IoU and NMS by hand, heatmaps, precision and recall, AP50 checked by pycocotools, and what goes wrong."
# search:
#   top: [bounding boxes, YOLO, Faster R-CNN, find objects in an image, SSD, RetinaNet,
#     localization, count objects, draw rectangles]
#   measure-how-much-two-boxes-overlap: [IoU, intersection over union, nms, duplicate
#     boxes, jaccard, box_iou, giou, rectangles]
#   write-a-box-as-four-numbers: [bounding box format, xyxy xywh cxcywh, box_convert,
#     coco format, pascal voc, coordinates]
#   measure-how-right-it-is: [mAP, mean average precision, evaluate a detector, false
#     positives, PR curve, torchmetrics]
#   convert-the-grid-to-boxes: [decode predictions, non-maximum suppression,
#     post-processing, batched_nms]
#   where-it-fails: [detector finds nothing, small objects, false alarms, negative
#     samples, empty background, misses small objects, wrong detections]
#   follow-digits-in-a-film: [video, tracking, fps, webcam, real-time, flicker, frames]
#   mistakes-that-raise-no-error: [boxes in the wrong place, mAP near zero, boxes shifted,
#     resized, BGR, coordinates, won't detect anything, mAP 0, no box drawn, no boxes,
#     detector finds nothing, shifted boxes, wrong coordinates]
#   do-the-same-with-torchvision: [fasterrcnn_resnet50_fpn, retinanet, ultralytics]
#   make-scenes-with-known-objects: [annotations, ground truth, synthetic,
#     draw_bounding_boxes]
#   load-a-pretrained-detector: [CenterNet, anchor-free, keypoint, confidence]
# ---

# %% [markdown]
# # Detect objects with a pretrained network
#
# You load a trained detector, which finds the objects in a picture and names them, and you measure how often it is right.

# %% [markdown]
# The objects here are digits in cluttered scenes.
# Each box says which digit the network sees, and how sure the network is.
# Further down you also learn about mistakes that raise no error, and where the detector fails.
#
# You need to know [a first CNN](first-cnn.ipynb) and [what `eval()` does](../training/train-and-eval.md).
#
# ## Make scenes with known objects
#
# This folded cell imports what you need, chooses a GPU if there is one, and defines how scikit-learn's digits are loaded:

# %% tags=["fold"]
# Set-up: imports, device and digits
import contextlib
import copy
import io
import platform
import time

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional as F

device = torch.accelerator.current_accelerator(check_available=True)
device = device or torch.device("cpu")

# --8<-- "lab/train/digits.py:digits"

# %% [markdown]
# Each scene has 96 by 96 pixels{=lab/train/scenes.py: SIDE = #}, with up to five digits of random size, place and colour on clutter.
# Because the code places the digits itself, it knows the *truth*: a box and a label for each of them.
#
# The digits come from the part of the data that was never used in training.
# Two hundred scenes are enough to measure with, and `seed=1` gives you the same scenes as this page:

# %% tags=["fold"]
# Make 200 scenes and their truth
# --8<-- "lab/train/scenes.py:scenes"
_, _, x_test, y_test = digit_sets()
scenes, truth = make_scenes(x_test, y_test, count=200, seed=1)
boxes, labels = truth[0]
print(scenes.shape, scenes.dtype)
for box, label in zip(boxes.int().tolist(), labels.tolist(), strict=True):
    print(f"a {label} in {box}")

# %% [markdown]
# Below the shape of all scenes, the output has the truth of the first one.
# Here are four scenes with their true boxes:


# %% tags=["fold"]
# figure: Four colourful scenes with blurred patches and bars, and in each some digits
#   with a frame around them and the digit's name above.
# Helper function: draw boxes on a scene
def draw(ax, scene, boxes, names, colour="royalblue", line="-"):
    """A scene, or nothing new where that is None, and boxes with their names."""
    if scene is not None:
        _, height, width = scene.shape
        coarse = (scene * 32).round() / 32  # makes the file smaller
        pixels = coarse.permute(1, 2, 0)
        ax.imshow(pixels, extent=(0, width, height, 0), interpolation="none")
        ax.axis("off")
    label = dict(facecolor=colour, edgecolor="none", pad=1)
    for (x1, y1, x2, y2), name in zip(boxes.tolist(), names, strict=True):
        frame = (x1, y1), x2 - x1, y2 - y1
        ax.add_patch(plt.Rectangle(*frame, fill=False, ec="w", lw=3))
        ax.add_patch(
            plt.Rectangle(*frame, fill=False, ec=colour, lw=1.5, ls=line)
        )
        if name:
            ax.text(x1, max(y1, 9), name, color="w", size=9, bbox=label)


figure, axes = plt.subplots(2, 2, figsize=(5.4, 5))
for ax, scene, (boxes, labels) in zip(axes.flat, scenes, truth, strict=False):
    draw(ax, scene, boxes, map(str, labels.tolist()))
plt.show()

# %% [markdown]
# ## Write a box as four numbers
#
# On this page a box is `x1, y1, x2, y2`: its top left and its bottom right corner, in pixels from the top left of the scene.
# Other programs write the middle and the size, `cx, cy, w, h`.
# A tensor doesn't say which of the two it holds, so you have to know, and to convert.
#
# The `assert` in the last line stops the program if what follows it is false.
# Such lines check the sentences of this page each time it is made, and you can leave them out:


# %%
def to_middle(boxes):
    """x1, y1, x2, y2 -> cx, cy, w, h."""
    first, last = boxes[:, :2], boxes[:, 2:]
    return torch.cat([(first + last) / 2, last - first], dim=1)


def to_corners(boxes):
    """cx, cy, w, h -> x1, y1, x2, y2."""
    middle, size = boxes[:, :2], boxes[:, 2:]
    return torch.cat([middle - size / 2, middle + size / 2], dim=1)


box = torch.tensor([[20.0, 30, 40, 70]])
print(to_middle(box))
print(to_corners(to_middle(box)))
assert torch.equal(to_corners(to_middle(box)), box)

# %% [markdown]
# Converting there and back gives the same box; with other numbers, the result may differ by rounding.
#
# ## Measure how much two boxes overlap
#
# When is a found box right?
# It hardly ever equals the true box exactly, so you measure how much the two overlap.
# *Intersection over union*, or IoU, is the area that two boxes share, divided by the area that they cover together.
# IoU is 1 for equal boxes, and 0 for boxes that don't overlap.
# Convert `float16` boxes with `.float()` first: a large area would be infinite, and IoU 0 or not a number.
# In the code, `None` pairs each box of `a` with each box of `b`:

# %%
# --8<-- "lab/train/boxes.py:iou"
a = torch.tensor([[0.0, 0, 2, 2]])
b = torch.tensor([[0.0, 0, 2, 2], [0, 0, 2, 4], [1, 1, 3, 3], [4, 4, 6, 6]])
print(iou(a, b))  # 1, 4 / 8, 1 / 7, 0

# %% [markdown]
# Now you can see what the wrong order of numbers costs.
# Write the true boxes as `cx, cy, w, h`, read these numbers as corners, and compare the result with the true boxes:

# %%
true_boxes = torch.cat([boxes for boxes, _ in truth])
misread = iou(true_boxes, to_middle(true_boxes)).diagonal()
print(f"read in the wrong order: {misread.mean():.2f} on average")
assert misread.mean() < 0.1

# %% [markdown]
# PyTorch raises no error, but the boxes hardly overlap any more.
#
# ## Load a pretrained detector
#
# This site trained a detector for such scenes; [its card](../assets/weights/detector.json), a file about the weights, says how, and how often it was right.
# The weights fit only into the network that they were trained in, so this fold has its code:

# %% tags=["fold"]
# The network: seven layers
# --8<-- "lab/train/detector.py:detector"

# %% [markdown]
# The next folded function reads a file of weights if it lies beside the notebook, and downloads it from this site if not:

# %% tags=["fold"]
# Helper function: load_weights
# --8<-- "lab/train/weights.py:load"
# --8<-- "lab/train/weights.py:detector"

# %% [markdown]
# Load the weights, switch to `eval()`, and look at the shape of the output for four scenes:

# %%
model = Detector()
model.load_state_dict(load_weights("detector", DETECTOR))
model.to(device).eval()

with torch.no_grad():
    output = model(scenes[:4].to(device)).cpu()
print(sum(p.numel() for p in model.parameters()), "weights and biases")
print(output.shape)

# %% [markdown]
# The output divides each scene into a grid of 24x24 cells, so a cell is 4 by 4 pixels{=lab/train/detector.py: STRIDE = #}.
# For each cell, the network gives 14 numbers:
#
# - ten are scores: how likely each digit has its middle in this cell;
# - two say where in the cell the middle is;
# - two say how wide and how high the box is.
#
# `sigmoid` turns each score into a probability by itself, because a cell may hold no digit at all.
# If you draw the highest of the ten for each cell, you get a picture called a *heatmap*:

# %% tags=["fold"]
# figure: Two scenes, and beside each its heatmap, dark but for one bright spot in the
#   middle of each digit.
# Draw two heatmaps
figure, axes = plt.subplots(2, 2, figsize=(5.4, 5))
for (left, right), scene, out in zip(axes, scenes, output, strict=False):
    draw(left, scene, torch.empty(0, 4), [])
    heat = out[:10].sigmoid().amax(dim=0)
    right.imshow(heat, vmin=0, vmax=1, interpolation="none")
    right.axis("off")
plt.show()

# %% [markdown]
# ## Convert the grid to boxes
#
# `decode` makes a box from each cell in which the highest probability is above a `threshold`.
# The default of `threshold`, 0.05, keeps even unlikely boxes, because you need them later to measure the detector; for pictures this page uses 0.3.
# The 24 in the code belongs to the training, in which sizes were written relative to that number of pixels.
#
# `detect` does everything for one scene: it runs the network, decodes the output, and removes doubles with `nms`, which comes next:


# %%
# --8<-- "lab/train/detector.py:decode"

# %% [markdown]
# Neighbouring cells see the same digit, so there are several boxes for each digit.
# *Non-maximum suppression*, or NMS, keeps the box with the highest probability, drops all boxes that overlap it with an IoU above `limit`, and repeats this with the best box that is left.
# The limit of 0.5 is a common choice:

# %%
# --8<-- "lab/train/boxes.py:nms"
boxes, scores, labels = decode(output[0], threshold=0.3)
kept = nms(boxes, scores)
print(
    len(truth[0][0]), "digits,", len(boxes), "boxes,", len(kept), "after NMS"
)
assert len(boxes) > len(kept)

# %% tags=["fold"]
# figure: The same scene twice. On the left several frames lie almost on top of each
#   other around each digit, on the right each digit has one.
# Draw the boxes before and after NMS
figure, axes = plt.subplots(1, 2, figsize=(5.4, 2.6))
for ax, shown, title in zip(
    axes, (range(len(boxes)), kept), ("as decoded", "after NMS"), strict=True
):
    draw(ax, scenes[0], boxes[shown], [""] * len(shown))
    ax.set_title(title)
plt.show()

# %% [markdown]
# This site's tests compare the function with `torchvision.ops.nms`, and both keep the same boxes.
#
# Now detect the digits in four more scenes:

# %% tags=["fold", "result"]
# figure: Four scenes with the boxes that the detector found, each with the digit's name
#   and how sure the detector is.
# Draw what the detector found
figure, axes = plt.subplots(2, 2, figsize=(5.4, 5.3))
for ax, scene in zip(axes.flat, scenes[4:], strict=False):
    boxes, scores, labels = detect(model, scene, threshold=0.3)
    names = [f"{k} {p:.0%}" for k, p in zip(labels, scores, strict=True)]
    draw(ax, scene, boxes, names)
plt.show()

# %% [markdown]
# ## Measure how right it is
#
# The pictures look good, but how good is the detector in numbers?
# A found box is a *hit* if it names the right digit and its IoU with the true box is at least one half; each true box counts once.
# *Precision* is the share of found boxes that are hits.
# *Recall* is the share of true digits that were hit.
# If you lower the threshold, recall can only rise, and precision mostly falls, which makes a curve.
#
# *Average precision* is the area under this curve, here computed as a mean over 101{=lab/train/boxes.py: torch.arange(#, dtype} values of recall, and AP50 is its mean over the ten digits; the 50 stands for the IoU in percent.
# The folded functions compute all of it.
# The `assert` compares the result with the range that the card gives for trainings like this one:

# %% tags=["fold"]
# Helper functions: precision, recall and AP50
# --8<-- "lab/train/boxes.py:ap"

# %%
found = [detect(model, scene) for scene in scenes]
curves = [precision_recall(found, truth, kind) for kind in range(10)]
each = [float(average_precision(*curve[:2])) for curve in curves]
score = ap50(found, truth)
print("AP50 of each digit:", " ".join(f"{ap:.2f}" for ap in each))
print(f"AP50: {score:.3f}")
assert 0.79 < score < 0.94

# %% [markdown]
# Are all digits equally hard to find?
# The best and the worst digit have quite different curves:

# %% tags=["fold"]
# figure: Precision against recall for the ten digits: flat near one, then falling where
#   the last digits are to be found. The best and the worst digit are named.
# Draw the ten curves
best, worst = each.index(max(each)), each.index(min(each))
for kind, (precision, recall, _) in enumerate(curves):
    if kind not in (best, worst):
        plt.plot(recall, precision, color="0.8", lw=1)
for kind, colour in ((best, "C0"), (worst, "C1")):
    precision, recall, _ = curves[kind]
    plt.plot(recall, precision, color=colour, label=f"the digit {kind}")
plt.ylim(0, 1.02)
plt.xlabel("recall")
plt.ylabel("precision")
plt.legend(loc="lower left")
plt.show()

# %% [markdown]
# Each point of a curve is one threshold.
# { data-moving="boxes" }
#
# Many papers compute AP50 with the library `pycocotools`; for the next two cells, install it with `pip install pycocotools`, or leave them out.
# The folded function converts boxes and truth for this library, so that you can check your own number:

# %% tags=["fold"]
# Helper function: AP50 by pycocotools
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def coco_ap50(found, truth):
    """The same, by the library of the COCO data set; its boxes are x, y, w, h."""

    def rows(boxes, labels, scene, **more):
        sizes = torch.cat([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], dim=1)
        return [
            {
                "image_id": scene,
                "category_id": int(label),
                "bbox": size.tolist(),
                "area": float(size[2] * size[3]),
                "iscrowd": 0,
            }
            | {name: float(values[n]) for name, values in more.items()}
            for n, (size, label) in enumerate(zip(sizes, labels, strict=True))
        ]

    true = [row for n, one in enumerate(truth) for row in rows(*one, n)]
    data = {
        "info": {},
        "images": [{"id": n} for n in range(len(truth))],
        "categories": [{"id": kind} for kind in range(10)],
        "annotations": [
            {"id": n, **row} for n, row in enumerate(true, start=1)
        ],
    }
    mine = [
        row
        for n, (boxes, scores, labels) in enumerate(found)
        for row in rows(boxes, labels, n, score=scores)
    ]
    with contextlib.redirect_stdout(io.StringIO()):  # it prints a page
        coco = COCO()
        coco.dataset = data
        coco.createIndex()
        judge = COCOeval(coco, coco.loadRes(mine), "bbox")
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
    return float(judge.stats[1])


# %%
theirs = coco_ap50(found, truth)
print(f"pycocotools: {theirs:.3f}")
assert abs(theirs - score) < 1e-6

# %% [markdown]
# Both agree, because each digit is in some scene: `ap50` counts an absent digit as 0, and `pycocotools` leaves it out of the mean.
# [The card](../assets/weights/detector.json) has AP50 for 400{=lab/train/detector.py: make_scenes(x_test, y_test, #,} other scenes, and for three trainings that differ only in their seed.
#
# Which part of the task is harder, to find a digit or to name it?
# Ignore the digit and score only the position, by giving all boxes the same label:

# %%
any_digit = [(boxes, scores, 0 * labels) for boxes, scores, labels in found]
any_truth = [(boxes, 0 * labels) for boxes, labels in truth]
unnamed = ap50(any_digit, any_truth, kinds=1)
print(f"some digit is there: {unnamed:.3f}")
assert unnamed > score

# %% [markdown]
# The score is higher, so the detector sees more easily that there is a digit than which digit it is.
#
# ## Follow digits in a film
#
# A film is one picture after another, so you can detect the digits in each picture.
# The folded function moves three digits across a scene:


# %% tags=["fold"]
# Helper function: make a film
def film(frames, seed):
    """Three digits moving straight over one background: scenes, and the truth."""
    random = torch.Generator().manual_seed(seed)
    background = clutter(random)
    picked = torch.randint(len(x_test), (3,), generator=random)
    images = [trim(x_test[n, 0]) for n in picked]
    start = torch.tensor([[4.0, 4.0], [66.0, 34.0], [4.0, 68.0]])  # x, y
    speed = torch.tensor([[2.6, 0.2], [-2.6, 0.1], [2.6, -0.2]])
    # Pixels a frame; then width and height.
    size, colours = (20, 24), torch.eye(3) * 0.7 + 0.3
    shown, where = [], []
    for frame in range(frames):
        scene = background.clone()
        corners = (start + frame * speed).round().int()
        boxes = torch.cat([corners, corners + torch.tensor(size)], dim=1)
        for image, box, colour in zip(
            images, boxes.tolist(), colours, strict=True
        ):
            paste(scene, image, box, colour)
        shown.append(scene)
        where.append((boxes.float(), y_test[picked]))
    return shown, where


# %% [markdown]
# Detect the digits in 24 pictures, each with three digits, and count how often the right digit was found in its place:

# %%
frames, where = film(24, seed=0)
tracked = [detect(model, frame, threshold=0.3) for frame in frames]

hits = [
    bool((iou(boxes, true_box[None])[labels == kind] >= 0.5).any())
    for (boxes, _, labels), (true_boxes, kinds) in zip(
        tracked, where, strict=True
    )
    for true_box, kind in zip(true_boxes, kinds, strict=True)
]
print(f"right in {sum(hits)} of {len(hits)} places")
assert sum(hits) > 0.7 * len(hits)

# %% [markdown]
# The detector finds most of them, and loses a digit now and then.
# In these six pictures, the dots are the middles of the boxes found so far:

# %% tags=["fold"]
# figure: Six moments of a film. Three digits move, two to the right and one to the left,
#   each in its box, with a line of dots behind it.
# Draw six moments of the film
figure, axes = plt.subplots(2, 3, figsize=(5.4, 4.2))
for ax, frame in zip(axes.flat, (0, 4, 9, 14, 19, 23), strict=True):
    boxes, _, labels = tracked[frame]
    draw(ax, frames[frame], boxes, map(str, labels.tolist()))
    so_far = torch.cat([to_middle(one[0]) for one in tracked[: frame + 1]])
    ax.plot(so_far[:, 0], so_far[:, 1], "w.", ms=3)
plt.show()

# %% [markdown]
# The detector looks at each picture separately, and doesn't remember the picture before.
# How many pictures it can do in a second depends on the machine.
# The machine that made this page managed:

# %%
began = time.perf_counter()
for frame in frames:
    detect(model, frame, threshold=0.3)
seconds = time.perf_counter() - began
rate = len(frames) / seconds
print(f"{rate:.0f} frames a second, {device}, {platform.machine()}")

# %% [markdown]
# ## Mistakes that raise no error
#
# Make each mistake on purpose, with the same detector and the first hundred scenes, and look at what the mistake does to AP50.
# If you see such a number in your own work, you then know where to look.
#
# **The order of the four numbers.**
# The middle and the size are read as corners:

# %%
some, some_truth, some_found = scenes[:100], truth[:100], found[:100]

right = ap50(some_found, some_truth)
swapped = [(to_middle(boxes), *rest) for boxes, *rest in some_found]
misread = ap50(swapped, some_truth)
print(f"{right:.2f}  no mistake")
print(f"{misread:.2f}  cx, cy, w, h read as corners")
assert misread < 0.02 and right > 0.8

# %% [markdown]
# Hardly any box is a hit.
#
# **Boxes not scaled back.**
# Here the pictures are twice as large as in training, so you shrink them to the size that the detector knows:

# %%
large = F.interpolate(some, scale_factor=2)  # (100, 3, 192, 192)
large_truth = [(2 * boxes, labels) for boxes, labels in some_truth]
small = F.interpolate(large, scale_factor=0.5)

shrunk = [detect(model, scene) for scene in small]
unscaled = ap50(shrunk, large_truth)
scaled = ap50([(2 * boxes, *rest) for boxes, *rest in shrunk], large_truth)
print(f"{unscaled:.2f}  boxes as they come")
print(f"{scaled:.2f}  boxes times 2")
assert unscaled < 0.02 and abs(scaled - right) < 0.01

# %% [markdown]
# A box belongs to the picture that the network saw.
# If you made the picture two times smaller, make the boxes two times larger.
#
# **Pixels not divided.**
# Picture files hold bytes, but the network was trained on numbers from 0 to 1.
# Twenty scenes are enough to see the difference:

# %%
bright = [detect(model, 255 * scene) for scene in some[:20]]
count = sum(len(boxes) for boxes, _, _ in bright) / len(bright)
value = ap50(bright, some_truth[:20])
print(f"{value:.2f}  pixels from 0 to 255")
print(f"{count:.0f} boxes in a scene")
assert value < 0.02 and count > 100

# %% [markdown]
# The detector sees digits nearly everywhere, and hardly any box is right.
#
# **A forgotten `eval()`, and another order of the colours:**

# %%
forgetful = copy.deepcopy(model).train()
in_training_mode = [detect(forgetful, scene) for scene in some]
forgotten = ap50(in_training_mode, some_truth)
flipped = ap50([detect(model, scene.flip(0)) for scene in some], some_truth)
print(f"{right:.2f}  no mistake")
print(f"{forgotten:.2f}  eval() forgotten")
print(f"{flipped:.2f}  blue, green, red")
assert right - 0.1 < forgotten < right and abs(flipped - right) < 0.03

# %% [markdown]
# Without `eval()`, AP50 falls by a few hundredths, which you can easily overlook.
# The reason is that batch norm uses the averages of this one scene instead of those from training.
#
# The order of the colours makes no real difference, because the colours are random here.
# On photos it may matter: a score shows only the mistakes that matter in its own scenes.
#
# A forgotten `eval()` also changes the model, because each call moves the averages that batch norm stores:

# %%
before, after = (one.layers[0][1].running_mean for one in (model, forgetful))
print("the averages are as they were:", torch.equal(before, after))
assert not torch.equal(before, after)

# %% [markdown]
# ## Where it fails
#
# AP50 is a mean, so it hides which digits are missed.
# Count the found digits by their height; training had digits of 16 to 40 pixels{=lab/train/detector.py: 16 to # pixels}.
# From here on, a box counts only with a probability above 0.3, as in the pictures:


# %%
def share_found(found, truth, low, high):
    """The share that is found and named right, of digits so high."""
    hits = []
    for one, (true_boxes, kinds) in zip(found, truth, strict=True):
        boxes, scores, labels = one
        for box, kind in zip(true_boxes, kinds, strict=True):
            if low <= box[3] - box[1] < high:
                mine = boxes[(labels == kind) & (scores > 0.3)]
                hits.append(bool((iou(mine, box[None]) >= 0.5).any()))
    return sum(hits) / len(hits)


shares = []
for low, high in ((16, 22), (22, 32), (32, 41)):
    shares.append(share_found(found, truth, low, high))
    print(f"{low} to {high - 1} pixels high: {shares[-1]:.0%} found")
assert shares[0] < 0.8 < shares[1] and shares[2] > 0.9

# %% [markdown]
# The detector finds fewer than 8 in 10 of the smallest digits, and more than 9 in 10 of the largest.
#
# What happens outside of what it was trained on?
# Enlarge scenes three times, so that their digits are larger than any in training, and make scenes without any digit:

# %%
bigger = F.interpolate(scenes[:20], scale_factor=3, mode="bilinear")
bigger_truth = [(3 * boxes, labels) for boxes, labels in truth[:20]]
bigger_found = [detect(model, scene, threshold=0.3) for scene in bigger]
share = share_found(bigger_found, bigger_truth, 96, 121)
print(f"96 to 120 pixels high: {share:.0%} found")
assert share < 0.05

random = torch.Generator().manual_seed(0)
empty = [clutter(random) for _ in range(100)]
false = sum(len(detect(model, scene, threshold=0.3)[0]) for scene in empty)
print(f"{false} boxes in 100 scenes without a digit")
assert 20 < false < 100

# %% [markdown]
# Of digits so large, the detector finds next to none; of those a little larger than in training, it still finds most.
# In scenes of clutter alone it still sees digits; in training, no scene was without one.
#
# Look at the three scenes with the most missed digits:


# %% tags=["fold"]
# figure: Three scenes that the detector got wrong: dashed frames are digits that it
#   missed or misnamed, whole frames what it says instead.
# Draw the three worst scenes
def missed_and_wrong(one, true_boxes, kinds):
    boxes, scores, labels = one
    boxes, labels = boxes[scores > 0.3], labels[scores > 0.3]
    right = (iou(true_boxes, boxes) >= 0.5) & (kinds[:, None] == labels)
    missed, wrong = ~right.any(dim=1), ~right.any(dim=0)
    return true_boxes[missed], kinds[missed], boxes[wrong], labels[wrong]


all_mistakes = [
    missed_and_wrong(one, *true)
    for one, true in zip(found, truth, strict=True)
]
worst = sorted(range(200), key=lambda n: -len(all_mistakes[n][0]))[:3]
figure, axes = plt.subplots(1, 3, figsize=(5.4, 2.2))
for ax, n in zip(axes, worst, strict=True):
    missed, kinds, wrong, labels = all_mistakes[n]
    draw(ax, scenes[n], missed, [f"is {k}" for k in kinds], "darkgreen", "--")
    draw(ax, None, wrong, [f"says {k}" for k in labels], "crimson")
plt.show()

# %% [markdown]
# ## Do the same with torchvision
#
# For photos, torchvision offers detectors that were trained on COCO, a data set of everyday things.
# `DEFAULT` downloads the weights, so this page only defines two functions, and you call them:


# %%
def torchvision_detector(weights="DEFAULT"):
    """SSDLite; with weights=None the same network, untrained."""
    from torchvision.models import detection

    model = detection.ssdlite320_mobilenet_v3_large(
        weights=weights, weights_backbone=None
    )
    return model.eval()  # in training mode it returns losses


def detect_in_photo(model, file, limit=0.5):
    """What is in one photo: boxes (k, 4) in its pixels, and their names."""
    from PIL import Image
    from torchvision.models import get_model_weights

    weights = get_model_weights("ssdlite320_mobilenet_v3_large").DEFAULT
    photo = weights.transforms()(Image.open(file).convert("RGB"))
    with torch.no_grad():
        found = model([photo])[0]
    sure = found["scores"] > limit
    names = weights.meta["categories"]
    return found["boxes"][sure], [names[k] for k in found["labels"][sure]]


print(torchvision_detector.__doc__)

# %% [markdown]
# `detect_in_photo(torchvision_detector(), "photo.jpg")` gives the boxes and the names of the things in a photo of yours.
# For that, it calls the model with a list of pictures, which may have any size, each of shape `(3, height, width)` with numbers from 0 to 1.
# The model returns one dictionary for each picture, with `boxes` as `x1, y1, x2, y2`, `scores` and `labels`, after NMS and scaled back to that picture.
# This site's tests run the function with `weights=None`, check those names, and check that the model returns losses instead of boxes in training mode.
#
# ## Try it
#
# In `nms`, change `limit=0.5` to `limit=0.95`, so that doubles stay.
# AP50 falls below 0.6: each digit counts once, so each double is a mistake.
#
# This lesson uses [views of tensors](../tensors/views-and-copies.md), [broadcasting](../tensors/index.md), [eval mode](../training/train-and-eval.md) and [weights in a file](../training/save-and-load.md).
#
# You can [use this detector in your browser](see-it-live.md).
#
# ## Practise
#
# Write the missing lines and run the program: it tells you what is wrong.
# [All exercises](../start/exercises.md) are on one list.
#
# ### Measure how far two boxes overlap
#
# Write IoU for two boxes: the area that both cover, divided by the area that at least one of them covers.
#
# --8<-- "walkthroughs/overlap_of_two_boxes.md"
#
# ??? example "First hint"
#
#     Both boxes together cover the sum of their areas, less what they share, because that was counted twice.
#
# ??? example "Second hint"
#
#     If the boxes do not touch, the width or the height of what they share would be negative: `clamp(min=0)` makes 0 of both.
#
# ??? example "Solution"
#
#     --8<-- "walkthroughs/overlap_of_two_boxes_solution.md"
#
# Next, [build a small language model](language-model.ipynb), which learns from text instead of pictures.
