import type { Phase } from '../phase.js'

export interface PhaseText {
  title: string
  text: string
}

/** In words: what is, and what to do. */
export function textOf(phase: Phase): PhaseText {
  switch (phase.is) {
    case 'seeking':
      return { title: 'Looking for stores…', text: 'In every frame of this page.' }
    case 'connected':
      return { title: 'Connected', text: '' }
    case 'no-library':
      return {
        title: 'No tabscribe in this page',
        text: 'Looked for stores of openStore() in its window and frames. One that opens later shows up here by itself. To have one:',
      }
    case 'no-permission':
      return {
        title: `Not allowed to look into ${phase.origin}`,
        text: 'The extension sees pages of this machine only, until you allow it more. It reads what the panel shows, and sends nothing anywhere.',
      }
    case 'refused':
      return { title: 'The browser keeps extensions out of this page', text: phase.why }
    case 'reconnecting':
      return {
        title: phase.attempt === 0 ? 'Reconnecting' : `Reconnecting, attempt ${phase.attempt}`,
        text: `${capital(phase.why)}.`,
      }
    case 'cached':
      return {
        title: 'The page is in the back/forward cache',
        text: 'It stands still since you left it. Go back, and it goes on here.',
      }
    case 'absent':
      return {
        title: `‘${phase.store}’ is not open in this page`,
        text: 'It is shown again as soon as it is.',
      }
    case 'other-version':
      return {
        title: 'The page and the extension do not fit',
        text: `The library of this page speaks version ${phase.theirs} of their common language, this extension version ${phase.ours}: ${phase.theirs > phase.ours ? 'update the extension' : 'update the library'}.`,
      }
    case 'updated':
      return { title: 'The extension was updated', text: 'Close DevTools and open them again to go on.' }
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
