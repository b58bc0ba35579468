import numpy as np
from PIL import Image

for mode in ("L", "P", "RGB", "RGBA", "I;16"):
    image = Image.new(mode, (40, 30))
    array = np.array(image)
    converted = np.array(image.convert("RGB"))
    print(f"{mode:5}{array.shape!s:13}{array.dtype!s:7}{converted.shape}")

array = np.array([[300, 9000, 60000]], dtype=np.uint16)
bright = Image.fromarray(array)
print(array, "becomes", np.array(bright.convert("L")))
print("better:", (array / 65535).round(2))
