import { isText } from '../src/protocol/shape.js'
import { areFrames, isMailboxId } from './mailbox-entries.js'
import { Refused, type InspectedTab } from './inspected-tab.js'
import { Mail } from './mail.js'

declare const browser: {
  devtools: { inspectedWindow: { eval(code: string): Promise<[result: unknown, trouble: unknown]> } }
}

const BOX = "globalThis[Symbol.for('tabscribe.mailbox')]"

/**
 * The tab where the browser gives a panel neither `tabs` nor `scripting`, but lets it evaluate code in the page, which
 * needs no permission. Frames of other origins stay out of reach: an evaluation takes no frame. Nor do ports lead
 * anywhere: what a content script connects to in Firefox is a background page, never a panel
 * (https://bugzilla.mozilla.org/show_bug.cgi?id=1453343), and a background page is stopped when it idles.
 */
export function evaluatedTab(): InspectedTab {
  const { network } = chrome.devtools
  const script = fetch(chrome.runtime.getURL('mailbox.js')).then((response) => response.text())
  const listeners: (() => void)[] = []
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  let id = ''
  let mail = new Mail(async () => null, changed)
  return {
    canBeAllowed: false,
    async inject() {
      const own = await evaluate(`${await script}\n;${BOX}.id`)
      if (!isMailboxId(own)) throw new Refused({ because: 'browser', why: 'No code can be evaluated in it.' })
      if (own !== id || mail.isOver) {
        id = own
        const reader = JSON.stringify(crypto.randomUUID())
        mail = new Mail(async (posted) => {
          const exchange = `${BOX}.exchange(${reader}, ${JSON.stringify(posted)})`
          const text = await evaluate(`${BOX}?.id === ${JSON.stringify(own)} ? ${exchange} : null`)
          return isText(text) ? JSON.parse(text) : null
        }, changed)
      }
      const frames = await evaluate(`${BOX}.frames()`)
      return areFrames(frames) ? frames : []
    },
    connectFrame: (frame) => mail.open({ to: 'open-frame', frame }),
    connectStore: (frame, store) => mail.open({ to: 'open-store', frame, store }),
    onChange(listener) {
      listeners.push(listener)
      network.onNavigated.addListener(listener)
    },
    requestPermission: async () => false,
    isAllowed: (origin) =>
      evaluate('location.origin').then(
        (own) => own === origin,
        () => true,
      ),
    isAlive: () => chrome.runtime?.id !== undefined,
  }
}

async function evaluate(code: string): Promise<unknown> {
  const [result, trouble] = await browser.devtools.inspectedWindow.eval(code)
  if (trouble != null) throw new Error(JSON.stringify(trouble))
  return result
}
