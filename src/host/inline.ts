import type { Hello } from '../protocol/writer-api.js'
import type { Link } from './link.js'
import { Writers } from './writers.js'

const writers = new Writers()

/** The writer in this very page (or in Node). It lives and dies with its tabs' code. */
export async function connectInline(hello: Hello): Promise<Link> {
  const { session, storageFault, lost } = await writers.join(hello)
  return {
    host: 'inline',
    writer: session,
    storageFault,
    lost,
    gone: new Promise(() => {}),
    elected: false,
    useful: true,
    close: () => session.leave(),
  }
}
