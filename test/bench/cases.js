/** Every case, in the order of the table. Each is a file of its own under cases/. */
import * as append from './cases/append.js'
import * as bytes from './cases/bytes.js'
import * as capture from './cases/capture.js'
import * as compaction from './cases/compaction.js'
import * as counters from './cases/counters.js'
import * as memory from './cases/memory.js'
import * as newest from './cases/newest.js'
import * as open from './cases/open.js'
import * as panel from './cases/panel.js'
import * as read from './cases/read.js'
import * as record from './cases/record.js'
import * as state from './cases/state.js'

/** @import { Ground } from './ground.js' */
/** @import { Options } from './options.js' */
/** @import { Row } from './row.js' */

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {(ground: Ground, options: Options) => Promise<Row[]>} run
 */

/** @type {readonly Case[]} */
export const cases = [append, read, newest, open, record, counters, capture, compaction, bytes, memory, state, panel]
