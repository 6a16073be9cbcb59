import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { StoredEvent } from '../../src/core/event.js'
import { formatCount, formatDateTime } from '../model/format.js'
import { topicHue } from '../model/topic-hue.js'
import { Icon } from './Icon.js'
import { ValueTree } from './ValueTree.js'

export interface EventDetailProps {
  event: StoredEvent
  /** This tab. */
  producer: string | null
  onPrevious: (() => void) | null
  onNext: (() => void) | null
  onClose(): void
}

export function EventDetail({ event, producer, onPrevious, onNext, onClose }: EventDetailProps): JSX.Element {
  const back = useRef<HTMLButtonElement>(null)
  // One pane at a time: the log is out of sight, and the focus must not stay there.
  useEffect(() => {
    if (back.current !== null && back.current.offsetParent !== null) back.current.focus()
  }, [])

  return (
    <section class="detail" aria-label="Event detail">
      <header class="detail-head">
        <button ref={back} type="button" class="button icon-only back" aria-label="Back to events" onClick={onClose}>
          <Icon name="back" />
        </button>
        <h2 class="detail-title">
          <i class="topic-dot" style={{ '--hue': topicHue(event.topic) }} />
          <span class="detail-topic">{event.topic}/</span>
          <b>{event.type}</b> <span class="dim">#{event.position}</span>
        </h2>
        <NavButton label="Previous event" icon="up" action={onPrevious} />
        <NavButton label="Next event" icon="down" action={onNext} />
        <button type="button" class="button icon-only close" aria-label="Close detail" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <dl class="facts">
        <Fact name="sequence" value={formatCount(event.sequence)} />
        <Fact name="time" value={formatDateTime(event.time)} />
        <Fact name="tab" value={event.producer === producer ? `${event.producer} (this tab)` : event.producer} />
        {event.weight !== 1 && <Fact name="weight" value={String(event.weight)} />}
        {event.id !== undefined && <Fact name="id" value={event.id} />}
      </dl>
      <ValueTree data={event.data} meta={event.meta} />
    </section>
  )
}

function NavButton({
  label,
  icon,
  action,
}: {
  label: string
  icon: 'up' | 'down'
  action: (() => void) | null
}): JSX.Element {
  return (
    <button
      type="button"
      class="button icon-only"
      aria-label={label}
      title={label}
      disabled={action === null}
      onClick={() => action?.()}
    >
      <Icon name={icon} />
    </button>
  )
}

function Fact({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd title={value}>{value}</dd>
    </>
  )
}
