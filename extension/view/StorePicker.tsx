import type { JSX } from 'preact'
import type { Choice } from '../choices.js'

/** Which store of which frame is looked at. It changes by its user's hand only. */
export function StorePicker({
  choices,
  chosen,
  onChoose,
}: {
  choices: readonly Choice[]
  chosen: Choice | null
  onChoose(key: string): void
}): JSX.Element {
  const places = [...new Set(choices.map(({ place }) => place))]
  const isGone = chosen !== null && !choices.some(({ key }) => key === chosen.key)
  return (
    <div class="store-picker">
      <label>
        Store{' '}
        <select value={chosen?.key ?? ''} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
          {isGone && <option value={chosen.key}>{chosen.store.name} (not here)</option>}
          {places.map((place) => (
            <optgroup key={place} label={place === '' ? 'This page' : `Frame ${place}`}>
              {choices
                .filter((choice) => choice.place === place)
                .map(({ key, store }) => (
                  <option key={key} value={key}>
                    {store.name}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </label>
      <span class="dim">
        {choices.length} in {places.length === 1 ? 'this page' : `${places.length} frames`}
      </span>
    </div>
  )
}
