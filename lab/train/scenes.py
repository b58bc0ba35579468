"""Generated scenes: digits of random size, place and colour on clutter, with boxes."""

# --8<-- [start:scenes]
import torch
from torch.nn import functional as F

SIDE = 96  # pixels; a scene is (3, SIDE, SIDE), RGB from 0 to 1


def clutter(random):
    """Soft colours, then bars and patches: what is not a digit."""
    coarse = torch.rand(1, 3, 5, 5, generator=random)
    coarse = coarse.lerp(coarse.mean(1, keepdim=True), 0.6)  # paler
    scene = F.interpolate(coarse, (SIDE, SIDE), mode="bicubic")[0]
    for x, y, w, h, *colour in torch.rand(9, 7, generator=random).tolist():
        left, top = int(x * SIDE), int(y * SIDE)
        right, bottom = left + 2 + int(w**2 * 40), top + 2 + int(h**2 * 40)
        patch = scene[:, top:bottom, left:right]
        patch.lerp_(torch.tensor(colour)[:, None, None], 0.5)
    noise = torch.randn(3, SIDE, SIDE, generator=random)
    return (scene + 0.03 * noise).clamp(0, 1)


def trim(image):
    """The digit without the empty rows and columns around it."""
    rows, columns = (image > 0.2).nonzero().T
    return image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def paste(scene, image, box, colour):
    """Draw a digit (h, w) so that it fills the box (x1, y1, x2, y2)."""
    x1, y1, x2, y2 = box
    size = (y2 - y1, x2 - x1)
    ink = F.interpolate(image[None, None], size, mode="bicubic")[0]
    place = scene[:, y1:y2, x1:x2]
    place.lerp_(colour[:, None, None], ink.clamp(0, 1).expand(3, -1, -1))


def contrast(colour, scene, box):
    """The colour, or its opposite where that differs more from what is there."""
    x1, y1, x2, y2 = box
    there = scene[:, y1:y2, x1:x2].mean(dim=(1, 2))
    return max(colour, 1 - colour, key=lambda c: (c - there).norm())


def make_scene(images, labels, random):
    """One scene with up to five digits, their boxes (n, 4) and labels (n,)."""
    scene, boxes, kinds = clutter(random), [], []
    for h, w, x, y, *colour in torch.rand(5, 7, generator=random).tolist():
        one = torch.randint(len(images), (), generator=random)
        image = trim(images[one, 0])
        height = 16 + int(h * 25)
        width = int(height * image.shape[1] / image.shape[0] * (0.8 + 0.4 * w))
        width = min(max(width, 5), 48)
        x1, y1 = int(x * (SIDE - width + 1)), int(y * (SIDE - height + 1))
        box = (x1, y1, x1 + width, y1 + height)
        if any(touch(box, other) for other in boxes):
            continue  # no room here: this scene has one digit less
        paste(scene, image, box, contrast(torch.tensor(colour), scene, box))
        boxes.append(box)
        kinds.append(int(labels[one]))
    return scene, torch.tensor(boxes, dtype=torch.float32), torch.tensor(kinds)


def touch(a, b, gap=-3):
    """True where two boxes overlap by more than three pixels in both directions."""
    apart = max(a[0] - b[2], b[0] - a[2], a[1] - b[3], b[1] - a[3])
    return apart < gap


def make_scenes(images, labels, count, seed):
    """Scenes (count, 3, 96, 96) of digits (N, 1, 8, 8), each with its boxes, labels."""
    random = torch.Generator().manual_seed(seed)
    made = [make_scene(images, labels, random) for _ in range(count)]
    return torch.stack([one[0] for one in made]), [one[1:] for one in made]


# --8<-- [end:scenes]
