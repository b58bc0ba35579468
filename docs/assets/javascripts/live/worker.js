// Runs the networks in a thread of its own, so that the pen does not wait for them.

import { Network } from "./network.js"
import { whole } from "./whole.js"

const networks = new Map() // by address: each is fetched once

async function load(url) {
  const answer = await whole(url)
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
  const bytes = new Uint8Array(await answer.arrayBuffer())
  return { network: new Network(bytes), size: bytes.length }
}

onmessage = async ({ data: { id, url, x } }) => {
  try {
    if (!networks.has(url)) networks.set(url, load(url))
    const { network, size } = await networks.get(url)
    const began = performance.now()
    const known = network.run(x)
    const milliseconds = performance.now() - began
    const [output] = network.outputs
    const maps = known[network.first("Relu")]
    postMessage({ id, output: known[output], maps, milliseconds, size })
  } catch (error) {
    networks.delete(url)
    postMessage({ id, error: error.message })
  }
}
