# raises: AttributeError
import numpy as np

x = np.ones(3)
x.unsqueeze(0)
