from datetime import date

tensorflow = date(2015, 11, 9)  # made public
theano = date(2016, 8, 28)  # Keras 1.0.8 packed: its default is Theano
default = date(2016, 9, 19)  # Keras 1.1.0 packed: its default is TensorFlow
alpha = date(2016, 9, 1)  # the notes of PyTorch's alpha-1
public = date(2017, 1, 19)  # PyTorch announced

print((default - tensorflow).days, "days until the default changed")
print((theano - tensorflow).days, "days later it was still Theano")
print((public - alpha).days, "days from the alpha to the public release")
print("the alpha came first:", alpha < default)
