import { openStore, type Store } from '../../src/index.js'
import { openMemory } from '../../src/memory.js'
import { mountPanel } from '../mount.js'
import { offerBulkLoad } from './bulk-load.js'
import { healthLine, watchHealth } from './health-line.js'
import { noticeOfError, noticeOfFault, noticeOfHealth, showNotice } from './notice.js'
import { pageElement } from './page-element.js'
import { openPlayground } from './playground.js'
import { startRecorders } from './recorders.js'
import { offerSqlite } from './sqlite-toy.js'

const STORE = 'flight-recorder'

const notice = pageElement('notice', HTMLParagraphElement)
const tell = (error: unknown) => showNotice(notice, noticeOfError(error))

openPlayground()
// `noopener` gives the tab a process and a sessionStorage of its own, as if a person had opened it.
pageElement('open-tab', HTMLButtonElement).addEventListener('click', () => {
  window.open(location.pathname + location.search, '_blank', 'noopener')
})

try {
  start(await openStore(STORE, { onFault: (fault) => showNotice(notice, noticeOfFault(fault)) }))
} catch (error) {
  tell(error)
  pageElement('tab', HTMLParagraphElement).textContent = 'not recording'
}

function start(store: Store): void {
  const memory = openMemory(store)
  startRecorders(store, memory, tell)
  offerSqlite(memory)
  mountPanel(pageElement('panel', HTMLElement), store)
  offerBulkLoad(store, store.producer)
  const tab = pageElement('tab', HTMLParagraphElement)
  watchHealth(
    store,
    (health) => {
      tab.textContent = healthLine(store.producer, health)
      showNotice(notice, noticeOfHealth(health))
    },
    tell,
  )
}
