import { expect, test } from 'vitest'
import { noticeOfFault, noticeOfHealth } from '../../panel/start/notice.js'
import { fault } from '../../src/core/fault.js'
import type { Health } from '../../src/core/health.js'

const well: Health = {
  state: 'ok',
  host: 'shared-worker',
  reason: null,
  durability: 'relaxed',
  writer: 'w',
  tabs: 2,
  storage: { usage: null, quota: null, persisted: null },
  fault: null,
}

test('nothing is said while all is well', () => {
  expect(noticeOfHealth(well)).toBeNull()
})

test('writing in the page is a remark with its reason', () => {
  const notice = noticeOfHealth({ ...well, host: 'inline', reason: 'This browser has no SharedWorker' })
  expect(notice?.level).toBe('status')
  expect(notice?.text).toContain('This browser has no SharedWorker.')
})

test('a log in memory alone is an alert that says what to do', () => {
  const notice = noticeOfHealth({ ...well, durability: 'memory', host: 'inline' })
  expect(notice).toMatchObject({ level: 'alert', text: expect.stringContaining('allow site data') })
})

test('a store that stopped or cannot write says why and what to do', () => {
  const full = fault('quota-exceeded', 'The disk is full')
  for (const state of ['stopped', 'read-only'] as const) {
    const notice = noticeOfHealth({ ...well, state, fault: full })
    expect(notice?.level).toBe('alert')
    expect(notice?.text).toMatch(/The disk is full\. Free some disk space/)
  }
})

test('every fault says what to do', () => {
  for (const code of ['closed', 'aborted', 'quota-exceeded', 'incompatible'] as const)
    expect(noticeOfFault(fault(code, 'It broke')).text).toMatch(/^It broke\. [A-Z].+\.$/)
})
