import { runWriter } from './host/run-writer.js'

runWriter(globalThis as never)
