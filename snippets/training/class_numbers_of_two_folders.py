train = ["ant/1.png", "bee/2.png", "cat/3.png"]
valid = ["bee/4.png", "cat/5.png"]  # no ant in here


def classes(files):
    return sorted({file.split("/")[0] for file in files})


for name, files in [("train", train), ("valid", valid)]:
    numbers = {label: n for n, label in enumerate(classes(files))}
    print(name, numbers)

names = classes(train)  # once, and used for both
print("fixed", [names.index(file.split("/")[0]) for file in valid])
