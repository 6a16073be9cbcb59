/** SQLite at its best: one prepared insert, one transaction per batch, no journal sync, no locks to take and give back. */
import { answerWith } from '../worker-port.js'

/** @typedef {typeof import('@sqlite.org/sqlite-wasm')} SqliteModule */
/** @typedef {Awaited<ReturnType<SqliteModule['default']>>} Sqlite */
/** @typedef {Awaited<ReturnType<Sqlite['installOpfsSAHPoolVfs']>>} Pool */

/** @type {Pool | undefined} */
let pool
/** @type {InstanceType<Pool['OpfsSAHPoolDb']> | undefined} */
let database
/** @type {ReturnType<NonNullable<typeof database>['prepare']> | undefined} */
let insert

answerWith(async (message) => {
  if (typeof message['open'] === 'string') return open(message['open'])
  if (Array.isArray(message['insert'])) return insertAll(message['insert'])
  return 'read' in message ? readAll() : remove()
})

/** @param {string} name */
async function open(name) {
  const path = '/sqlite/index.mjs'
  const { default: initialize } = /** @type {SqliteModule} */ (await import(path))
  const sqlite = await initialize()
  pool = await sqlite.installOpfsSAHPoolVfs({ name, directory: `.${name}`, initialCapacity: 6 })
  database = new pool.OpfsSAHPoolDb(`/${name}`)
  database.exec(`
    PRAGMA locking_mode = exclusive; PRAGMA journal_mode = truncate; PRAGMA synchronous = off;
    PRAGMA temp_store = memory; PRAGMA cache_size = -65536;
    CREATE TABLE IF NOT EXISTS opening (opened); INSERT INTO opening VALUES (1);
    CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, data TEXT NOT NULL)`)
  insert = database.prepare('INSERT INTO events (data) VALUES (?)')
}

/** @param {string[]} texts */
function insertAll(texts) {
  if (!database || !insert) throw new Error('Not open.')
  database.exec('BEGIN')
  for (const text of texts) insert.bind(1, text).stepReset()
  database.exec('COMMIT')
}

function readAll() {
  return database?.selectValues('SELECT data FROM events ORDER BY id')
}

async function remove() {
  insert?.finalize()
  database?.close()
  await pool?.removeVfs()
}
