import { useCallback, useEffect, useMemo } from 'preact/hooks'
import { createHooks } from './hooks/create-hooks.js'
import { useSyncExternalStore } from './hooks/preact-store.js'

export const { useTopic, useProjection, useCounter } = createHooks({
  useCallback,
  useEffect,
  useMemo,
  useSyncExternalStore,
})
export type { StoreOrNone, TopicViewOptions } from './hooks/create-hooks.js'
export type { CounterView } from './hooks/counter-source.js'
export type { ProjectionView } from './hooks/projection-source.js'
export type { TopicView } from './hooks/topic-source.js'
