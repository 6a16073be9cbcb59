import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react'
import { createHooks } from './hooks/create-hooks.js'

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
