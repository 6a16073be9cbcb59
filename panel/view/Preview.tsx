import type { JSX } from 'preact'
import type { PreviewPart } from '../model/value-preview.js'

export function Preview({ parts }: { parts: PreviewPart[] }): JSX.Element {
  return (
    <>
      {parts.map(({ text, kind }, index) => (
        <span key={index} class={`v-${kind}`}>
          {text}
        </span>
      ))}
    </>
  )
}
