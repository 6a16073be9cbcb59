import type { JSX } from 'preact'
import { useContext, useEffect, useMemo, useRef } from 'preact/hooks'
import type { StoredEvent } from '../../src/core/event.js'
import type { Path } from '../../src/protocol/panel-source.js'
import { formatCount, formatDateTime } from '../model/format.js'
import { rootNode } from '../model/value-tree.js'
import { ColorsContext } from './colors.js'
import { DiffPane } from './DiffPane.js'
import { HistoryPane } from './HistoryPane.js'
import { Icon } from './Icon.js'
import { IconButton } from './IconButton.js'
import { MarkButtons } from './MarkButtons.js'
import { StatePane } from './StatePane.js'
import { tabId, Tabs } from './Tabs.js'
import { DETAIL_TABS, type Inspection } from './use-inspection.js'
import { ValueTree } from './ValueTree.js'

export interface EventDetailProps {
  event: StoredEvent
  inspection: Inspection
  onPrevious: (() => void) | null
  onNext: (() => void) | null
  /** In the event's topic. */
  onStep(step: 1 | -1): void
  onHideType(): void
  onClose(): void
}

export function EventDetail(props: EventDetailProps): JSX.Element {
  const { event, inspection, onPrevious, onNext, onStep, onHideType, onClose } = props
  const back = useRef<HTMLButtonElement>(null)
  // One pane at a time: the log is out of sight, and the focus must not stay there.
  useEffect(() => {
    if (back.current !== null && back.current.offsetParent !== null) back.current.focus()
  }, [])
  const { tab, setTab, marks, mark } = inspection
  const color = useContext(ColorsContext)?.topic.of(event.topic)
  return (
    <section class="detail" aria-label="Event detail">
      <header class="detail-head">
        <button ref={back} type="button" class="button icon-only back" aria-label="Back to events" onClick={onClose}>
          <Icon name="back" />
        </button>
        <h2 class="detail-title">
          <i class="topic-dot" style={{ '--color': color }} />
          <span class="detail-topic">{event.topic}/</span>
          <b>{event.type}</b> <span class="dim">#{event.position}</span>
        </h2>
        <MarkButtons
          isMarked={(which) => marks[which]?.sequence === event.sequence}
          onMark={(which) => mark(which, event)}
        />
        <IconButton label={`Hide events of type ${event.type}`} icon="eye" command="hide-type" onPress={onHideType} />
        <IconButton label="Previous in topic" icon="previous" command="previous-in-topic" onPress={() => onStep(-1)} />
        <IconButton label="Next in topic" icon="next" command="next-in-topic" onPress={() => onStep(1)} />
        <IconButton label="Previous event" icon="up" onPress={onPrevious} />
        <IconButton label="Next event" icon="down" onPress={onNext} />
        <IconButton label="Close detail" icon="close" kind="close" onPress={onClose} />
      </header>
      <Tabs label="Event" tabs={DETAIL_TABS} selected={tab} panelId="detail-pane" onSelect={setTab} />
      <div class="detail-pane" role="tabpanel" id="detail-pane" aria-labelledby={tabId('detail-pane', tab)}>
        <Pane event={event} inspection={inspection} />
      </div>
    </section>
  )
}

function Pane({ event, inspection }: { event: StoredEvent; inspection: Inspection }): JSX.Element {
  const { tab, setPath, setTab } = inspection
  const onHistory = (path: Path): void => {
    setPath(path)
    setTab('History of path')
  }
  if (tab === 'State') return <StatePane inspection={inspection} at={event.sequence} onHistory={onHistory} />
  if (tab === 'Diff A↔B') return <DiffPane inspection={inspection} />
  if (tab === 'History of path') return <HistoryPane inspection={inspection} at={event.sequence} />
  return <EventPane event={event} producer={inspection.source.producer} />
}

function EventPane({ event, producer }: { event: StoredEvent; producer: string | null }): JSX.Element {
  const { data, meta } = event
  const roots = useMemo(
    () => [rootNode('data', data), ...(meta === undefined ? [] : [rootNode('meta', meta)])],
    [data, meta],
  )
  return (
    <>
      <dl class="facts">
        <Fact name="sequence" value={formatCount(event.sequence)} />
        <Fact name="time" value={formatDateTime(event.time)} />
        <Fact name="tab" value={event.producer === producer ? `${event.producer} (this tab)` : event.producer} />
        {event.weight !== 1 && <Fact name="weight" value={String(event.weight)} />}
        {event.id !== undefined && <Fact name="id" value={event.id} />}
      </dl>
      <ValueTree label="Data" roots={roots} />
    </>
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
