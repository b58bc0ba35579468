# takes: 20 s
import torch
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

truth = torch.tensor([0, 0, 0, 0, 0, 0, 1, 1, 1, 2])
guess = torch.tensor([0, 0, 0, 0, 0, 1, 1, 1, 0, 1])
print(f"macro F1 {f1_score(truth, guess, average='macro'):.4f}")
print(f"micro F1 {f1_score(truth, guess, average='micro'):.4f}")

y = torch.tensor([0, 0, 0, 0, 1, 1])
scores = torch.tensor([0.2, 0.2, 0.3, 0.5, 0.3, 0.6])
print(f"ROC AUC  {roc_auc_score(y, scores):.4f}")
print(f"AP       {average_precision_score(y, scores):.4f}")
