from torch.cuda import PYTORCH_RELEASES_CODE_CC

print("CUDA  made for compute capability")
for cuda, cards in PYTORCH_RELEASES_CODE_CC.items():
    print(cuda, "", *(cc / 10 for cc in sorted(cards["x86_64"])))
