import { isExchanged, isMailboxId } from './mailbox-entries.js'
import { Refused, type InspectedTab } from './inspected-tab.js'
import { Mail } from './mail.js'

const BOX = "globalThis[Symbol.for('tabscribe.mailbox')]"

/**
 * The tab where the browser gives a panel neither `tabs` nor `scripting`, but lets it evaluate code in the page, which
 * needs no permission. Frames of other origins stay out of reach.
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
    async inject() {
      const own = await evaluate(`${await script}\n;${BOX}.id`)
      if (!isMailboxId(own)) throw new Refused({ because: 'browser', why: 'No code can be evaluated in it.' })
      if (own !== id || mail.isOver) {
        id = own
        mail = new Mail(
          (posted) =>
            evaluate(`${BOX}?.id === ${JSON.stringify(own)} ? ${BOX}.exchange(${JSON.stringify(posted)}) : null`),
          changed,
        )
      }
      const seen = await evaluate(`${BOX}.exchange([])`)
      return isExchanged(seen) ? seen.frames : []
    },
    connectFrame: (frame) => mail.open({ to: 'open-frame', frame }),
    connectStore: (frame, store) => mail.open({ to: 'open-store', frame, store }),
    onChange(listener) {
      listeners.push(listener)
      network.onNavigated.addListener(listener)
    },
    requestPermission: async () => true,
    isAllowed: async () => true,
    isAlive: () => chrome.runtime?.id !== undefined,
  }
}

function evaluate(code: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    chrome.devtools.inspectedWindow.eval(code, (...[result, trouble]: readonly unknown[]) => {
      if (result === undefined && trouble !== undefined) reject(new Error(JSON.stringify(trouble)))
      else resolve(result)
    })
  })
}
