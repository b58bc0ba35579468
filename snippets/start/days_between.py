from datetime import date

tensorflow = date(2015, 11, 9)  # made public
keras_1_0_8 = date(2016, 8, 28)  # its default is still Theano
keras_1_1_0 = date(2016, 9, 19)  # its default is TensorFlow
alpha = date(2016, 9, 1)  # PyTorch's alpha-1
public = date(2017, 1, 19)  # PyTorch for everyone

print("TensorFlow to Keras 1.0.8:", (keras_1_0_8 - tensorflow).days, "days")
print("TensorFlow to Keras 1.1.0:", (keras_1_1_0 - tensorflow).days, "days")
print("alpha-1 to public release:", (public - alpha).days, "days")
print("alpha-1 before Keras 1.1.0:", alpha < keras_1_1_0)
