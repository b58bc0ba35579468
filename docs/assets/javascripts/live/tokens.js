// Text to tokens and back, as lab/train/tokens.py does it.

const PIECE = / ?[A-Za-z]+| ?[^A-Za-z \n]+|[ \n]/g

export class Tokens {
  constructor(merges) {
    this.bytes = Array.from({ length: 256 }, (_, byte) => [byte])
    for (const [a, b] of merges) this.bytes.push([...this.bytes[a], ...this.bytes[b]])
    this.merges = new Map(merges.map((pair, i) => [String(pair), 256 + i]))
  }

  encode(text) {
    const pieces = text.match(PIECE) ?? []
    return pieces.flatMap(piece => {
      let ids = [...new TextEncoder().encode(piece)]
      for (;;) {
        const pairs = ids.slice(1).map((id, i) => this.merges.get(`${ids[i]},${id}`))
        const first = Math.min(...pairs.filter(Boolean))
        if (first === Infinity) return ids
        ids = merged(ids, pairs, first)
      }
    })
  }

  // A part of a character of several bytes becomes a replacement character.
  // `ignoreBOM` keeps the character U+FEFF, which a text may begin with.
  decode(ids) {
    const bytes = ids.flatMap(id => this.bytes[id])
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes))
  }
}

function merged(ids, pairs, wanted) {
  const out = []
  for (let i = 0; i < ids.length; i++)
    out.push(pairs[i] === wanted ? (i++, wanted) : ids[i])
  return out
}
