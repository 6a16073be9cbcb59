import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react'
import { createHooks, type Hooks } from './hooks/create-hooks.js'

const hooks = createHooks({ useCallback, useEffect, useMemo, useSyncExternalStore })

export const useTopic: Hooks['useTopic'] = hooks.useTopic
export const useProjection: Hooks['useProjection'] = hooks.useProjection
export const useCounter: Hooks['useCounter'] = hooks.useCounter

export type { Hooks, StoreOrNone, TopicViewOptions } from './hooks/create-hooks.js'
export type { CounterView } from './hooks/counter-source.js'
export type { Opened } from './hooks/opened.js'
export type { ProjectionView } from './hooks/projection-source.js'
export type { TopicView } from './hooks/topic-source.js'
