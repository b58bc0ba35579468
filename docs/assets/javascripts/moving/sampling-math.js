// From scores to the probabilities that the next token is drawn by.

// The numbers of the tokens kept, the most probable first, and their probabilities. At
// temperature 0 the best one has it all.
export function distribution(logits, temperature, k) {
  const order = [...logits.keys()].sort((a, b) => logits[b] - logits[a])
  const ids = order.slice(0, temperature ? k : 1)
  const scaled = ids.map(id => (logits[id] - logits[ids[0]]) / (temperature || 1))
  const raised = scaled.map(Math.exp)
  const sum = raised.reduce((a, b) => a + b, 0)
  return { ids, shares: raised.map(one => one / sum) }
}
