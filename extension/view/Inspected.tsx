import type { JSX } from 'preact'
import { useEffect, useReducer, useState } from 'preact/hooks'
import { Root } from '../../panel/view/Root.js'
import { lastEvents } from '../../src/fold/last-events.js'
import { Inspector } from '../inspector.js'
import type { InspectedTab } from '../inspected-tab.js'
import { Obstacle } from './Obstacle.js'
import { PhaseBar } from './PhaseBar.js'
import { StorePicker } from './StorePicker.js'

const PROJECTIONS_OF_FILES = [lastEvents]

/** The panel on a store of the inspected page, and what there is to say while it is not there. */
export function Inspected({ tab, theme }: { tab: InspectedTab; theme: 'auto' | 'light' | 'dark' }): JSX.Element {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const [inspector] = useState(() => new Inspector(tab, () => redraw(undefined as never)))
  useEffect(() => {
    inspector.start()
    return () => inspector.close()
  }, [inspector])

  const { phase, source, chosen, choices, forbidden, canBeAllowed } = inspector
  const onAllow = (origin: string): void => void inspector.allow(origin)
  const onLook = (): void => inspector.look()
  return (
    <div class="panel inspected" data-theme={theme} data-phase={phase.is}>
      {(choices.length > 1 || (choices.length === 1 && chosen?.key !== choices[0]?.key)) && (
        <StorePicker choices={choices} chosen={chosen} onChoose={(key) => inspector.choose(key)} />
      )}
      {forbidden.map((origin) => (
        <div key={origin} class="notice">
          <span>
            A frame of {origin} is not looked into
            {canBeAllowed ? '.' : ': this browser lets the panel see frames of the page’s own origin only.'}
          </span>
          {canBeAllowed && (
            <button type="button" class="button small" onClick={() => onAllow(origin)}>
              Allow {origin}…
            </button>
          )}
        </div>
      ))}
      {source === null ? (
        <Obstacle phase={phase} onAllow={onAllow} onLook={onLook} />
      ) : (
        <>
          <div class="inspected-store">
            <Root
              key={chosen?.key}
              mounted={source}
              file={null}
              projections={PROJECTIONS_OF_FILES}
              theme={theme}
              place={chosen === null ? '' : `${chosen.origin} `}
            />
          </div>
          {phase.is !== 'connected' && <PhaseBar phase={phase} onAllow={onAllow} onLook={onLook} />}
        </>
      )}
    </div>
  )
}
