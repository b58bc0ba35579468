# needs: keras
import operator
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras

losses = [3.0, 2.0, 1.0] + [1.5] * 9  # the best is at epoch 2


def by_keras(patience):
    stop = keras.callbacks.EarlyStopping(patience=patience)
    stop.set_model(keras.Sequential())
    stop.on_train_begin()
    for epoch, loss in enumerate(losses):
        stop.on_epoch_end(epoch, {"val_loss": loss})
        if stop.stopped_epoch:
            return epoch


def by_hand(patience, reached):
    best, wait = float("inf"), 0
    for epoch, loss in enumerate(losses):
        wait += 1
        if loss < best:
            best, wait = loss, 0
        elif reached(wait, patience):
            return epoch


print("patience  Keras   >=    >")
for p in range(4):
    hand = [by_hand(p, reached) for reached in (operator.ge, operator.gt)]
    print(f"{p:8} {by_keras(p):6} {hand[0]:4} {hand[1]:4}")
