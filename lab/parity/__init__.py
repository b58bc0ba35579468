"""Each row of the parity matrix, measured; `make record-parity` writes the results."""

import os

os.environ["KERAS_BACKEND"] = "torch"  # before anything here imports Keras
