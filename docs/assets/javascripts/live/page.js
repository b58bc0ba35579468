// Starts both parts of the page. Networks are fetched when the reader first asks.

import { digit } from "./digit.js"
import { sceneOf } from "./scene.js"

const drawn = sceneOf(document.getElementById("live-scene"))
digit(document.getElementById("live-digit"), drawn)
