import type { Recorder } from './emit.js'
import { actedOn, describeTarget } from './event-target.js'
import { keyKind, writes } from './key-kind.js'
import { listen } from './listen.js'

/** Which kinds of keys a person presses, and where. Held keys count once; in a password field nothing that writes is told. */
export const recordKeys: Recorder = (emit, target = window) =>
  listen(emit, target, 'keydown', (event) => {
    // Autofill sends keydown events without a key.
    if (!event.isTrusted || event.repeat || typeof event.key !== 'string') return
    const pressed = keyKind({
      key: event.key,
      ctrlKey: event.ctrlKey,
      altKey: event.altKey,
      metaKey: event.metaKey,
      isComposing: event.isComposing,
      altGraph: event.getModifierState('AltGraph'),
    })
    const element = actedOn(event)
    if (element instanceof target.HTMLInputElement && element.type === 'password' && writes(pressed.kind)) return
    emit('key', { ...pressed, ...describeTarget(element) })
  })
