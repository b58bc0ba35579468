// Messages of Python itself and of NumPy, which any program can print: whether one is
// about PyTorch, only the names in it tell, and the program around it.

proven.generic = (() => {
  const FORMS = [
    /^'([\w.]+)' object has no attribute '(\w+)'/, /^module '([\w.]+)' has no attribute(?: '(\w+)')?/,
    /^unsupported operand type\(s\) for (?:\S+): '([\w.]+)' and '([\w.]+)'/,
    /^'([\w.]+)' object is not (?:callable)/, /^'([\w.]+)' object is not (?:subscriptable)/,
    /^'([\w.]+)' object is not (?:iterable|an iterator)/,
    /^(?:\w+\.)*?([\w<>]+\.__init__|[\w<>]+)\(\) missing \d+ required [\w -]*arguments?: '(\w+)'/,
    /^(?:\w+\.)*?([\w<>]+\.__init__|[\w<>]+)\(\) takes (?:from )?\d+[\w ]* positional arguments? but \d+ w/,
    /^(?:\w+\.)*?([\w<>]+\.__init__|[\w<>]+)\(\) got an unexpected keyword argument '(\w+)'/,
    /^No module named '?([\w.]+)/, /^\[Errno 2\] No such file or directory: '([^']*)'/,
    /^Object of type (\w+) is not JSON serializable/, /^object of type '([\w.]+)' has no len\(\)/,
    /^Can't get attribute '(\w+)' on <module '([\w.]+)'/,
    /^(-?\d+)$/, /^not enough values to unpack/, /^too many values to unpack/,
    /^(?:list|tuple|string) (?:assignment )?index out of range/, /^cannot import name '(\w+)'/,
    /^name '(\w+)' is not defined/, /^(?:integer )?division(?: or modulo)? by zero/,
    /^'(\w+)' object does not support/, /^\[Errno (\d+)\] (?!No such file)/,
    /^operands could not be broadcast/, /^index -?\d+ is out of bounds for axis/,
    /^(?:ERROR: )?Could not find a version that satisfies the requirement ([\w-]+)/,
    /^cannot reshape array/, /^matmul: Input operand/, /^unhashable type/,
  ]
  const OF_PYTHON = new Set(
    "NoneType list tuple dict int str float bool set function method object property module __init__ __main__".split(" ")
  )
  // Names in the programs of this site that stand for those of a reader.
  const OF_READERS = new Set(["Net", "Net.__init__", "fc2", "Prices", "models", "model.pt", "0"])

  // `text` without its type.
  const form = text => {
    for (const [at, one] of FORMS.entries()) {
      const found = one.exec(text)
      if (found) return { at, names: found.slice(1).filter(Boolean) }
    }
    return null
  }

  // How alike two messages are of which one or both have such a form: nothing where
  // none has, and 0 where they have not the same, or other names.
  const alike = (asked, known, isLikely) => {
    if (!asked && !known) return undefined
    if (asked?.at !== known?.at) return 0
    const all = known.names.length
    const same = known.names.filter((name, at) => name === asked.names[at])
    const share = 0.8 + 0.2 * (all ? same.length / all : 1)
    if (all && same.length === all) return share
    if (same.some(name => !OF_PYTHON.has(name))) return share
    const open = known.names.every((name, at) => OF_READERS.has(name) || name === asked.names[at])
    const named = asked.names.some(name => !OF_PYTHON.has(name) || known.names.includes(name))
    return open && isLikely && (!all || (named && !OF_PYTHON.has(asked.names[0]))) ? share : 0
  }
  return { form, alike }
})()
