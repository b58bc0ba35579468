naming = 20, 35  # of 100 papers, this many name a framework
share = 0.75  # of those, so many name PyTorch

print("name one  of all: at least  at most")
for named in naming:
    least = named * share
    most = least + (100 - named)  # if every silent one used it
    print(f"{named:7d}%{least:17.0f}%{most:8.0f}%")
