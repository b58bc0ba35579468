wheels = """
torch-2.13.0-cp312-cp312-manylinux_2_28_x86_64.whl
torch-2.13.0-cp312-cp312-manylinux_2_28_aarch64.whl
torch-2.13.0-cp312-cp312-win_amd64.whl
torch-2.13.0-cp312-cp312-macosx_14_0_arm64.whl
torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl
"""
for name in wheels.split():
    _, version, python, _, system = name.removesuffix(".whl").split("-")
    print(version, "for Python", python[2] + "." + python[3:], "on", system)
