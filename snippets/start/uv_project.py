import tomllib

text = """
[project]
name = "my-project"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["torch", "torchvision"]

[tool.uv.sources]
torch = { index = "pytorch-cpu" }
torchvision = { index = "pytorch-cpu" }

[[tool.uv.index]]
name = "pytorch-cpu"
url = "https://download.pytorch.org/whl/cpu"
explicit = true
"""
project = tomllib.loads(text)
for package in project["project"]["dependencies"]:
    source = project["tool"]["uv"]["sources"].get(package, {})
    print(package, "from", source.get("index", "PyPI"))
