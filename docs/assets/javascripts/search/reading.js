// Reads what a terminal or a notebook shows of an error: the message, and the reader's
// own line that led to it.
self.proven ??= {}

proven.reading = (() => {
  const COLOUR = /\x1b\[[\d;]*m/g
  // torchrun writes the rank before each line, other launchers a number.
  const RANK = /^\s*(?:\[?(?:default|rank)?\d+\]:|\d+:)\s?/
  const NAMED = /^(?:[a-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Interrupt|Unsupported|NotImplemented|Hit|Node|Compiler)\b(?::|$)/
  const WARNED = /^(?:.*?:\d+: )?(?:[a-z_]\w*\.)*[A-Z]\w*Warning: /
  const OF_LAUNCHER = /ChildFailedError|ProcessRaisedException|ProcessExitedException|^SystemExit/
  const FRAME = /^\s*File "([^"]+)", line (\d+)|^(?:Cell |Input )?In\s?\[(\d+)\](?:, |.*?)line:? (\d+)/
  const OF_LIBRARIES = /site-packages|dist-packages|lib[\\/]python|^<(?!stdin|string|ipython)|[\\/]torch[\\/]/
  const MOST = 6 // lines of a message

  const clean = text =>
    text.replace(COLOUR, "").split(/\r?\n/).map(line => line.replace(RANK, ""))

  const last = (lines, test) => {
    for (let at = lines.length - 1; at >= 0; at--) if (test(lines[at])) return at
    return -1
  }

  const ownLine = lines => {
    const at = last(lines, line => {
      const [, file, , cell] = FRAME.exec(line) ?? []
      return cell || (file && !OF_LIBRARIES.test(file))
    })
    if (at < 0) return null
    const [, file, number, cell, ofCell] = FRAME.exec(lines[at])
    const arrow = lines.slice(at + 1, at + 12).find(line => /^-+> ?\d+ /.test(line))
    const code = arrow ? arrow.replace(/^-+> ?\d+ /, "") : cell ? "" : lines[at + 1] ?? ""
    return { file: cell ? `cell ${cell}` : file.split(/[\\/]/).pop(), line: ofCell ?? number, code: code.trim() }
  }

  // `message` has more lines where the error has; `first` is the one with its type.
  const read = text => {
    const lines = clean(text)
    let at = last(lines, line => NAMED.test(line) && !OF_LAUNCHER.test(line))
    if (at < 0) at = last(lines, line => WARNED.test(line))
    if (at < 0) at = last(lines, line => line.trim() !== "")
    if (at < 0) return { first: "", message: "", own: null }
    const rest = lines.slice(at, at + MOST)
    const end = rest.findIndex((line, at) => at > 0 && (!line.trim() || FRAME.test(line)))
    const message = rest.slice(0, end < 0 ? MOST : end).join("\n").trim()
    const first = lines[at].replace(/^.*?:\d+: (?=\S*Warning: )/, "").trim()
    return { first, message, own: ownLine(lines.slice(0, at)) }
  }
  return { read }
})()
