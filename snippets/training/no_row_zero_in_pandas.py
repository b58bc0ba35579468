# needs: pandas
# takes: 20 s
# raises: KeyError
import pandas

frame = pandas.DataFrame({"mass": [9.1, 18.0, 8.7]})
part = frame[1:]  # the rows named 1 and 2
print(part["mass"].iloc[0])
print(part["mass"][0])
