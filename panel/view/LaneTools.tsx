import type { JSX } from 'preact'
import { IconButton } from './IconButton.js'
import type { ViewportState } from './use-viewport.js'

const ZOOM_STEP = 0.6
const PAN_STEP = 0.25

export interface LaneToolsProps {
  isFit: boolean
  /** Of now: what is shown moves on without the tools being drawn anew. */
  viewport(): ViewportState
}

export function LaneTools({ isFit, viewport }: LaneToolsProps): JSX.Element {
  return (
    <span class="lanes-tools">
      <IconButton
        label="Earlier"
        icon="previous"
        command="pan-left"
        kind="bare"
        onPress={() => viewport().pan(-PAN_STEP)}
      />
      <IconButton label="Later" icon="next" command="pan-right" kind="bare" onPress={() => viewport().pan(PAN_STEP)} />
      <IconButton
        label="Zoom in"
        icon="plus"
        command="zoom-in"
        kind="bare"
        onPress={() => viewport().zoom(ZOOM_STEP)}
      />
      <IconButton
        label="Zoom out"
        icon="minus"
        command="zoom-out"
        kind="bare"
        onPress={() => viewport().zoom(1 / ZOOM_STEP)}
      />
      <IconButton
        label="Fit all"
        icon="fit"
        command="fit"
        kind="bare"
        pressed={isFit}
        onPress={() => viewport().fit()}
      />
    </span>
  )
}
