/** The soak (`npm run soak`) for 30 seconds, and that it would find what it looks for. */
import { describe, expect, test } from 'vitest'
import { check, type Verdict } from '../soak/check.js'
import { Ledger, type LogRow } from '../soak/ledger.js'
import { repositoryRoot } from '../kit/browser.js'
import { isClean, saveReport, textOf } from '../soak/report.js'
import { runSoak } from '../soak/soak.js'
import { scheduleOf, type Action, type Kind } from '../soak/schedule.js'

test('eight tabs, two versions, crashes, killed writers, failing storage: every promise is kept', async () => {
  const report = await runSoak({ seconds: 30, seed: 7, tabs: 8, dist: `${repositoryRoot}dist` })
  saveReport(report)
  expect(isClean(report), textOf(report)).toBe(true)
}, 240_000)

test('the same seed gives the same schedule, another one another', () => {
  const options = { seed: 7, seconds: 20, tabs: 8 }
  expect(scheduleOf(options)).toEqual(scheduleOf(options))
  expect(scheduleOf({ ...options, seed: 8 })).not.toEqual(scheduleOf(options))
})

describe('the checker finds', () => {
  const log: LogRow[] = [
    [0, 10, 4, 0, 'main', 'p', 0, 0],
    [1, 11, 4, 1, 'main', 'p', 1, 0],
    [2, 12, 8, 0, 'main', 'p', 2, 0],
    [3, 13, 8, 1, 'main', 'p', 3, 0],
  ]
  const receipt = { topic: 'main', count: 2, first: 2, last: 3, firstSequence: 12, lastSequence: 13 }

  test('nothing where all is well', () => {
    const verdict = check(promised(), log)
    expect(verdict.violations).toEqual([])
    expect(verdict.levels.journaled).toMatchObject({ events: 2, kept: 2 })
    expect(verdict.levels.committed).toMatchObject({ events: 2, kept: 2 })
  })

  test('a journaled event that is lost', () => {
    expect(wrongs(check(promised(), without(1)))).toContain('4 1 is lost (journaled)')
  })

  test('an event lost in the task that a crash ended, which breaks no promise', () => {
    const ledger = new Ledger(() => 0)
    born(ledger)
    ledger.issued(1, action(1, 'record'))
    ledger.take(1, { t: 'queued', b: 4, upTo: 2 })
    ledger.died(1, 'crash')
    const verdict = check(ledger, [])
    expect(verdict.violations).toEqual([])
    expect(verdict.levels.window).toMatchObject({ events: 2, lost: 2 })
  })

  test('one that is lost when its tab was only closed in that task', () => {
    const ledger = new Ledger(() => 0)
    born(ledger)
    ledger.issued(1, action(1, 'record'))
    ledger.take(1, { t: 'queued', b: 4, upTo: 2 })
    ledger.died(1, 'left')
    expect(wrongs(check(ledger, []))).toContain('4 0 is lost (left)')
  })

  test('half of an append', () => {
    expect(wrongs(check(promised(), without(3)))).toContain('only 1 of the 2 events appended at once are there')
  })

  test('an event that is there twice', () => {
    const twice: LogRow[] = [...log, [4, 14, 4, 0, 'main', 'p', 0, 0]]
    expect(wrongs(check(promised(), twice))).toContain('4 0 is there 2 times')
  })

  test('events in another order than they were recorded', () => {
    const swapped = log.map((row, at): LogRow => [row[0], row[1], ...(log[3 - at]!.slice(2) as Rest)])
    expect(wrongs(check(promised(), swapped))).toContain("p's number 2 is behind its number 3")
  })

  test('a gap in the positions, and a sequence that does not rise', () => {
    const [first, ...rest] = log as [LogRow, ...LogRow[]]
    const moved = rest.map((row): LogRow => [row[0] + 1, ...(row.slice(1) as Tail)])
    expect(wrongs(check(promised(), [first, ...moved]))).toContain("in 'main' position 2 follows 0")
    const same = log.map((row): LogRow => [row[0], 10, ...(row.slice(2) as Rest)])
    expect(wrongs(check(promised(), same))).toContain('sequence 10 follows 10')
  })

  test('an event that was rejected and is there', () => {
    const ledger = promised()
    ledger.issued(1, action(3, 'append'))
    ledger.take(1, { t: 'sent', b: 12, attempt: 3 })
    ledger.take(1, { t: 'rejected', b: 12, attempt: 3, code: 'quota-exceeded', message: '' })
    const there: LogRow[] = [...log, [0, 14, 12, 0, 'second', 'p', 4, 0], [1, 15, 12, 1, 'second', 'p', 5, 0]]
    expect(wrongs(check(ledger, there))).toContain('12 0 was rejected and is there')
    expect(check(ledger, log).violations).toEqual([])
  })

  test('a receipt that names other places', () => {
    const ledger = promised({ ...receipt, first: 1, last: 2 })
    expect(wrongs(check(ledger, log)).join()).toContain("the receipt's places hold something else")
  })

  test('a subscription that missed an event, heard one twice, or stopped early', () => {
    const all = [
      [0, 10, 4, 0],
      [1, 11, 4, 1],
      [2, 12, 8, 0],
      [3, 13, 8, 1],
    ]
    expect(check(hearing(all), log).violations).toEqual([])
    expect(wrongs(check(hearing(all.toSpliced(1, 1)), log)).join()).toContain('number 1 should be 4 1')
    expect(wrongs(check(hearing(all.toSpliced(1, 0, all[0]!)), log)).join()).toContain('number 1 should be 4 1')
    expect(wrongs(check(hearing(all.slice(0, 3)), log)).join()).toContain('and is missing')
  })

  test('a read that did not see what was committed before it', () => {
    const ledger = promised()
    ledger.take(1, { t: 'read', b: 5, floor: 3, own: 0, found: 0, rows: [[2, 12, 8, 0]] })
    expect(wrongs(check(ledger, log))).toContain('read 5 of tab 1 did not see position 3, committed before')
  })

  /** A tab recorded two events, and appended two. */
  function promised(answer = receipt): Ledger {
    const ledger = new Ledger(() => 0)
    born(ledger)
    ledger.issued(1, action(1, 'record'))
    ledger.take(1, { t: 'queued', b: 4, upTo: 2 })
    ledger.take(1, { t: 'journaling', b: 4 })
    ledger.take(1, { t: 'journaled', b: 4 })
    ledger.issued(1, action(2, 'append-batch'))
    ledger.take(1, { t: 'sent', b: 8, attempt: 2 })
    ledger.take(1, { t: 'committed', b: 8, attempt: 2, receipt: answer, expect: null })
    return ledger
  }

  function hearing(rows: number[][]): Ledger {
    const ledger = promised()
    ledger.take(1, { t: 'subscribed', sub: 1, topics: ['main'], from: 'start' })
    ledger.take(1, { t: 'heard', sub: 1, rows })
    ledger.heardAll(1, { next: 4, sequence: 13 })
    return ledger
  }

  function without(at: number): LogRow[] {
    return log.filter((_, n) => n !== at)
  }
})

type Tail = LogRow extends [unknown, ...infer T] ? T : never
type Rest = Tail extends [unknown, ...infer T] ? T : never

function wrongs({ violations }: Verdict): string[] {
  return violations.map(({ what }) => what)
}

function born(ledger: Ledger): void {
  const kind: Kind = { host: 'auto', version: 'a', subscribe: 'none', durability: 'relaxed' }
  ledger.born(1, 0, kind)
}

function action(id: number, name: Action['do']): Action {
  return { id, at: 0, slot: 0, do: name, count: 2, bytes: 0, of: 0, again: null }
}
