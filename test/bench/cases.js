/** Every case, in the order of the table. Each is a file of its own under cases/. */
import * as append from './cases/append.js'
import * as bytes from './cases/bytes.js'
import * as capture from './cases/capture.js'
import * as compaction from './cases/compaction.js'
import * as counters from './cases/counters.js'
import * as diskLog from './cases/disk-log.js'
import * as firefox from './cases/firefox.js'
import * as growth from './cases/growth.js'
import * as latency from './cases/latency.js'
import * as memory from './cases/memory.js'
import * as newest from './cases/newest.js'
import * as open from './cases/open.js'
import * as panel from './cases/panel.js'
import * as peers from './cases/peers.js'
import * as read from './cases/read.js'
import * as record from './cases/record.js'
import * as state from './cases/state.js'
import * as survivors from './cases/survivors.js'
import * as tabs from './cases/tabs.js'

/** @import { Ground } from './ground.js' */
/** @import { Options } from './options.js' */
/** @import { Line } from './row.js' */

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {(ground: Ground, options: Options) => Promise<Line[]>} run
 * @property {boolean} [needsPeers] those that are installed from packages
 * @property {Options['browser']} [browser] it always runs in this one
 */

/** @type {readonly Case[]} */
export const cases = [
  peers,
  firefox,
  survivors,
  tabs,
  latency,
  growth,
  diskLog,
  append,
  read,
  newest,
  open,
  record,
  counters,
  capture,
  compaction,
  bytes,
  memory,
  state,
  panel,
]
