# raises: ImportError
# needs: tqdm
from tqdm.notebook import tqdm

tqdm.status_printer(None, total=3)  # draws the bar of a notebook
