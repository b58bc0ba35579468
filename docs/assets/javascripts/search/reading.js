// Reads what a terminal, a notebook or a launcher shows of an error: the messages, and
// the reader's own line that led to each.
self.proven ??= {}

proven.reading = (() => {
  const COLOUR = /\x1b\[[\d;]*m/g
  // torchrun writes the rank before each line, other launchers a number.
  const RANK = /^\s*(?:\[?(?:default|rank)?\d+\]:|\d+:)\s?/
  const TRACEBACK = "Traceback (most recent call last)"
  const OF_PYTEST = /^E   (?:  )?(?=\s*\S)/
  const NAMED = /^(?:[a-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Interrupt|Exit|Unsupported|NotImplemented|Hit|Node|Failed|Compiler)\b(?::|$)/
  const WARNED = /^(?:.*?:\d+: )?(?:[a-z_]\w*\.)*[A-Z]\w*Warning: /
  const OF_LAUNCHER = /ChildFailedError|ProcessRaisedException|ProcessExitedException|^SystemExit/
  const FRAME = /^\s*File "([^"]+)", line (\d+)|^(?:Cell |Input )?In\s?\[(\d+)\](?:, |.*?)line:? (\d+)/
  const OLD_CELL = /^<?ipython-input-(\d+)-\w+>? in |^\/tmp\/ipykernel_\d+\/\d+\.py in /
  const ARROW = /^-+> ?(\d+) (.*)/ // before the line of a cell
  const OF_LIBRARIES = /site-packages|dist-packages|lib[\\/]python|^<(?!stdin|string|ipython)|[\\/]torch[\\/]/
  const OF_TORCH = /\b(?:torch|nn|optim|loader|DataLoader)\b|\bF\.|\.shape\b|\.size\(/
  const MOST = 6 // lines of a message
  const CHAIN = 8 // errors of a text

  // What stands before the first line of a traceback stands before the others, too:
  // the name of a container, a time, a sign of quotation.
  const unmarked = lines => {
    const top = lines.find(line => line.includes(TRACEBACK)) ?? ""
    const mark = top.slice(0, top.indexOf(TRACEBACK))
    if (!mark.trim() || /^(?:[\w.]+\s{2,}|Original |Exception.*: )$/.test(mark)) return lines
    const form = mark.trimEnd().replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\d+/g, "\\d+")
    const before = new RegExp(`^\\s*${form} ?`)
    return lines.map(line => line.replace(before, ""))
  }
  const clean = text =>
    unmarked(text.replace(COLOUR, "").split(/\r?\n|\r/).map(line => line.replace(RANK, "")))
      .map(line => line.replace(OF_PYTEST, ""))

  const ownLine = lines => {
    let place, at
    for (at = lines.length - 1; at >= 0 && !place; at--) {
      const [, file, number, cell, ofCell] = FRAME.exec(lines[at]) ?? []
      if (cell || (file && !OF_LIBRARIES.test(file))) place = { file, number: ofCell ?? number, cell }
      const old = OLD_CELL.exec(lines[at])
      if (old) place = { cell: old[1] ?? "?" }
    }
    if (!place) return null
    const below = lines.slice(at + 2, at + 13)
    const arrow = ARROW.exec(below.find(line => ARROW.test(line)))
    const code = arrow ? arrow[2] : place.cell ? "" : below[0] ?? ""
    const file = place.cell ? `cell ${place.cell}` : place.file.split(/[\\/]/).pop()
    return { file, line: place.number ?? arrow?.[1] ?? "?", code: code.trim() }
  }

  // The errors of a text, the last first. `message` has more lines where the error has;
  // `first` is the one with its type.
  const read = text => {
    const lines = clean(text)
    const places = []
    const note = test => {
      for (let at = lines.length - 1; at >= 0; at--) if (test(lines[at])) places.push(at)
    }
    note(line => NAMED.test(line) && !OF_LAUNCHER.test(line))
    if (!places.length) note(line => WARNED.test(line))
    if (!places.length) note(line => line.trim() !== "")
    const errors = places.slice(0, CHAIN).map(at => {
      const rest = lines.slice(at, at + MOST)
      const end = rest.findIndex((line, at) => at > 0 && (!line.trim() || FRAME.test(line)))
      const message = rest.slice(0, end < 0 ? MOST : end).join("\n").trim()
      const first = lines[at].replace(/^.*?:\d+: (?=\S*Warning: )/, "").trim()
      return { first, message, own: ownLine(lines.slice(0, at)) }
    })
    const frames = lines.filter(line => FRAME.test(line) || OLD_CELL.test(line))
    return { errors, lines, framed: frames.length > 0, ofTorch: lines.some(line => OF_TORCH.test(line)) }
  }
  return { read }
})()
