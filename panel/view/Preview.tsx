import type { JSX } from 'preact'
import type { PreviewPart } from '../model/value-preview.js'

/** Keys and punctuation have no element of their own: in the log each would be laid out for every row. */
export function Preview({ parts }: { parts: PreviewPart[] }): JSX.Element {
  return (
    <>
      {inRuns(parts).map(({ text, kind }, index) =>
        kind === 'mark' ? (
          text
        ) : (
          <span key={index} class={`v-${kind}`}>
            {text}
          </span>
        ),
      )}
    </>
  )
}

// Keys and punctuation look alike: one text for as many as stand together.
function inRuns(parts: readonly PreviewPart[]): PreviewPart[] {
  const runs: PreviewPart[] = []
  for (const part of parts) {
    const kind = part.kind === 'key' ? 'mark' : part.kind
    const last = runs.at(-1)
    if (kind === 'mark' && last?.kind === 'mark') last.text += part.text
    else runs.push({ text: part.text, kind })
  }
  return runs
}
