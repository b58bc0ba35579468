// Asks the worker. While it computes, only the newest question waits.

import { whole } from "./whole.js"

const waiting = new Map()
let worker
let count = 0

// What a network makes of x: {output, maps, milliseconds, size}. Its file, of that size,
// is fetched the first time.
export function run(name, x) {
  worker ??= start()
  const id = count++
  const url = new URL(`../../weights/${name}.onnx`, import.meta.url).href
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject })
    worker.postMessage({ id, url, x })
  })
}

function start() {
  const one = new Worker(new URL("worker.js", import.meta.url), { type: "module" })
  one.onmessage = ({ data: { id, error, ...found } }) => {
    const { resolve, reject } = waiting.get(id)
    waiting.delete(id)
    if (error) reject(new Error(error))
    else resolve(found)
  }
  one.onerror = () => {
    for (const { reject } of waiting.values())
      reject(new Error("no worker starts here"))
    waiting.clear()
    worker = undefined
  }
  return one
}

// A function of which only the newest call waits while one is under way.
export function newest(work) {
  let busy = false
  let next = null
  return async function ask(...given) {
    if (busy) {
      next = given
      return
    }
    busy = true
    try {
      await work(...given)
    } finally {
      busy = false
      if (next) {
        const later = next
        next = null
        ask(...later)
      }
    }
  }
}

// An example, recorded: what the network gets and its maps, 28x28, and its answer.
export async function loadExample() {
  const answer = await whole(new URL("example.json", import.meta.url))
  const { pictures, shares } = await answer.json()
  return { shares, pictures: pictures.map(text => picture(text, 28)) }
}

let scans
// Scans of the test set: for each digit a list of pictures, 8x8.
export function loadScans() {
  scans ??= whole(new URL("scans.json", import.meta.url))
    .then(answer => answer.json())
    .then(lists => lists.map(list => list.map(text => picture(text, 8))))
    .catch(error => {
      scans = undefined
      throw error
    })
  return scans
}

// Digits of base 17: the ink of each pixel, from 0 to 16.
function picture(text, side) {
  const data = Float32Array.from(text, digit => parseInt(digit, 17) / 16)
  return { height: side, width: side, data }
}
