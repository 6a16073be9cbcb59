import type { JSX } from 'preact'
import type { Phase } from '../phase.js'
import { PhaseButton, type PhaseActions } from './PhaseButton.js'
import { textOf } from './phase-text.js'

const THREE_LINES = `import { openStore } from 'tabscribe'
const store = await openStore('shop')
store.topic('cart').record('added', { sku: 'A-1' })`

/** What fills the panel while there is no store to show. */
export function Obstacle({ phase, ...actions }: { phase: Phase } & PhaseActions): JSX.Element {
  const { title, text } = textOf(phase)
  return (
    <div class="empty obstacle" role="status">
      <h2>{title}</h2>
      <p>{text}</p>
      {phase.is === 'no-library' && (
        <>
          <pre>
            <code>{THREE_LINES}</code>
          </pre>
          <ul class="looked-into">
            {phase.frames.map((frame, at) => (
              <li key={at}>
                <code>{frame}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      <PhaseButton phase={phase} {...actions} />
    </div>
  )
}
