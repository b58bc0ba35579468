// Runs the networks in a thread of its own, so that the pen does not wait for them.

import { Network } from "./network.js"

const networks = new Map() // by address: each is fetched once

async function load(url) {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
  return new Network(new Uint8Array(await answer.arrayBuffer()))
}

onmessage = async ({ data: { id, url, x } }) => {
  try {
    if (!networks.has(url)) networks.set(url, load(url))
    const network = await networks.get(url)
    const began = performance.now()
    const known = network.run(x)
    const milliseconds = performance.now() - began
    const [output] = network.outputs
    postMessage({ id, output: known[output], maps: known[network.first("Relu")], milliseconds })
  } catch (error) {
    networks.delete(url)
    postMessage({ id, error: error.message })
  }
}
