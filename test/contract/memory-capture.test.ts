import { describeEachGround } from '../kit/grounds.js'
import { describe, expect, test } from 'vitest'
import { openMemory, type MemoryEvent } from '../../src/memory.js'
import { instantiateTinyAllocator } from '../kit/tiny-allocator.js'

describeEachGround((ground) => {
  const opened = async () => {
    const store = await ground.open()
    return { store, memory: openMemory(store) }
  }
  const told = (events: readonly MemoryEvent[]) =>
    events.map(({ type, ptr, size, oldSize, toPtr }) =>
      [type, ptr, size, oldSize ?? toPtr].filter((own) => own !== undefined),
    )

  describe("a WebAssembly module's allocator", () => {
    const allocator = (
      memory: Awaited<ReturnType<typeof opened>>['memory'],
      own: object = instantiateTinyAllocator(),
    ) => {
      const exports = own as unknown as WebAssembly.Exports
      const { exports: wrapped, stop } = memory.capture.wasm(exports)
      return { ...(wrapped as unknown as ReturnType<typeof instantiateTinyAllocator>), wrapped, stop }
    }

    test('is wrapped in a new object with all the exports there are', async () => {
      const { memory } = await opened()
      const own = instantiateTinyAllocator()
      const { wrapped } = allocator(memory, own)
      expect(Object.isFrozen(own)).toBe(true)
      expect(Object.keys(wrapped)).toEqual(['malloc', 'free', 'realloc'])
      expect(wrapped['malloc']).not.toBe(own.malloc)
    })

    test('is recorded call by call, with the addresses and sizes there really are', async () => {
      const { store, memory } = await opened()
      const { malloc, free, realloc } = allocator(memory)
      const before = BigInt(Date.now() - 1000) * 1_000_000n
      const first = malloc(100)
      const second = malloc(200)
      const moved = realloc(first, 300)
      free(second)
      free(0)
      const events = await memory.events()
      expect(told(events)).toEqual([
        ['allocate', BigInt(first), 100],
        ['allocate', BigInt(second), 200],
        ['reallocate', BigInt(first), 300, 100],
        ['move', BigInt(first), 300, BigInt(moved)],
        ['deallocate', BigInt(second), 200],
      ])
      expect(events.every(({ timestamp }) => timestamp > before && timestamp < before + 60_000_000_000n)).toBe(true)
      const { live, threads } = await memory.snapshot()
      expect([...live.values()]).toMatchObject([{ ptr: BigInt(moved), size: 300 }])
      expect(threads).toMatchObject([{ threadName: `tab ${store.producer.slice(0, 6)}`, current: 300 }])
      expect((await memory.analysis.run()).filter(({ count }) => count > 0)).toEqual([])
    })

    test('its mistakes are found', async () => {
      const { memory } = await opened()
      const { malloc, free, realloc } = allocator(memory)
      const ptr = malloc(2048)
      free(ptr)
      free(ptr)
      realloc(ptr, 10)
      free(64)
      malloc(4096)
      const found = (await memory.analysis.run())
        .filter(({ count }) => count > 0)
        .map(({ analyzer, count }) => [analyzer, count])
      expect(found).toEqual([
        ['leak', 1],
        ['use-after-free', 1],
        ['double-free', 1],
        ['safety', 1],
      ])
    })

    test('what fails is not recorded; a realloc from nothing allocates, one to nothing frees', async () => {
      const { memory } = await opened()
      let next = 0
      const own = { malloc: () => next, free() {}, realloc: () => next }
      const { malloc, realloc } = allocator(memory, own) as unknown as Record<
        'malloc' | 'realloc',
        (...args: number[]) => number
      >
      malloc(10)
      realloc(16, 10)
      next = 16
      realloc(0, 10)
      realloc(16, 20)
      next = 0
      realloc(16, 999)
      realloc(16, 0)
      expect(told(await memory.events())).toEqual([
        ['allocate', 16n, 10],
        ['reallocate', 16n, 20, 10],
        ['deallocate', 16n, 20],
      ])
    })

    test('addresses have no sign, may have 64 bits, and are moved by a base address', async () => {
      const { memory } = await opened()
      const own = {
        malloc: (size: unknown) => (typeof size === 'bigint' ? -16n : -16),
        free() {},
      } as unknown as WebAssembly.Exports
      const call = (names?: Parameters<typeof memory.capture.wasm>[1]) => {
        const { malloc, free } = memory.capture.wasm(own, names).exports as Record<string, (arg: unknown) => unknown>
        expect(free!(malloc!(8))).toBe(undefined)
        malloc!(8n)
      }
      call()
      call({ baseAddress: 2 ** 40 })
      call({ baseAddress: 1n << 63n })
      const high = 2n ** 32n - 16n
      expect(told(await memory.events({ types: ['allocate'] }))).toEqual([
        ['allocate', high, 8],
        ['allocate', 2n ** 64n - 16n, 8],
        ['allocate', high + 2n ** 40n, 8],
        ['allocate', 2n ** 40n - 16n, 8],
        ['allocate', high + 2n ** 63n, 8],
        ['allocate', 2n ** 63n - 16n, 8],
      ])
      expect(await memory.query.summary()).toMatchObject({ unmatchedFrees: 0, deallocations: 3 })
    })

    test('has the names it is said to have, and must have them', async () => {
      const { memory } = await opened()
      const { malloc, free } = instantiateTinyAllocator()
      const own = { xMalloc: malloc, xFree: free, memory: {} } as unknown as WebAssembly.Exports
      const { exports } = memory.capture.wasm(own, { malloc: 'xMalloc', free: 'xFree' })
      ;(exports['xMalloc'] as typeof malloc)(10)
      expect(await memory.count()).toBe(1)
      const refused = (field: string, ...args: Parameters<typeof memory.capture.wasm>) =>
        expect(() => memory.capture.wasm(...args)).toThrow(
          expect.objectContaining({ fault: expect.objectContaining({ code: 'invalid-argument', field }) }),
        )
      refused('malloc', own)
      refused('free', own, { malloc: 'xMalloc' })
      refused('realloc', own, { malloc: 'xMalloc', free: 'xFree', realloc: 'memory' })
      refused('exports', null as never)
      refused('baseAddress', own, { malloc: 'xMalloc', free: 'xFree', baseAddress: -1 })
    })

    test('goes on working when it is stopped and when the store is closed', async () => {
      const { store, memory } = await opened()
      const first = allocator(memory)
      first.malloc(10)
      first.stop()
      expect(first.malloc(10)).toBeGreaterThan(0)
      expect(await memory.count()).toBe(1)
      const second = allocator(memory)
      await store.close()
      expect(second.malloc(10)).toBeGreaterThan(0)
    })
  })

  describe('object URLs', () => {
    test('are allocations of their blobs, freed when they are revoked', async () => {
      const { memory } = await opened()
      const before = {
        create: Object.getOwnPropertyDescriptor(URL, 'createObjectURL'),
        revoke: Object.getOwnPropertyDescriptor(URL, 'revokeObjectURL'),
      }
      const earlier = URL.createObjectURL(new Blob(['earlier']))
      const { stop } = memory.capture.objectUrls()
      const first = URL.createObjectURL(new Blob(['x'.repeat(2048)]))
      const second = URL.createObjectURL(new Blob(['four']))
      URL.revokeObjectURL(second)
      URL.revokeObjectURL(second)
      URL.revokeObjectURL(earlier)
      expect(() => URL.createObjectURL('no blob' as never)).toThrow(TypeError)
      stop()
      expect(Object.getOwnPropertyDescriptor(URL, 'createObjectURL')).toEqual(before.create)
      expect(Object.getOwnPropertyDescriptor(URL, 'revokeObjectURL')).toEqual(before.revoke)
      URL.revokeObjectURL(first)
      const events = await memory.events()
      expect(events.map(({ type, size, typeName, varName }) => [type, size, typeName, varName])).toEqual([
        ['allocate', 2048, 'Blob', first],
        ['allocate', 4, 'Blob', second],
        ['deallocate', 4, undefined, second],
      ])
      expect(events.every(({ ptr }) => ptr >= 1n << 63n)).toBe(true)
      expect(await memory.query.byScope(first)).toMatchObject([{ size: 2048 }])
    })

    test('two captures do not mix, whichever is stopped first', async () => {
      const { memory } = await opened()
      const untouched = URL.createObjectURL
      const one = memory.capture.objectUrls()
      const two = memory.capture.objectUrls()
      URL.revokeObjectURL(URL.createObjectURL(new Blob(['x'])))
      one.stop()
      URL.revokeObjectURL(URL.createObjectURL(new Blob(['x'])))
      two.stop()
      expect(await memory.query.summary()).toMatchObject({
        allocations: 3,
        deallocations: 3,
        active: 0,
        unmatchedFrees: 0,
      })
      URL.revokeObjectURL(URL.createObjectURL(new Blob(['x'])))
      expect(await memory.count()).toBe(6)
      Object.defineProperty(URL, 'createObjectURL', {
        value: untouched,
        writable: true,
        enumerable: true,
        configurable: true,
      })
    })
  })

  describe('a WebGPU device', () => {
    class FakeResource {
      readonly label: string
      destroyed = 0
      constructor(label = '') {
        this.label = label
      }
      destroy(): void {
        this.destroyed++
      }
    }
    class FakeDevice {
      createBuffer = undefined as unknown
      lose!: () => void
      readonly lost = new Promise<void>((resolve) => (this.lose = resolve))
      createTexture({ label }: { label?: string }): FakeResource {
        return new FakeResource(label)
      }
      destroy(): void {
        this.lose()
      }
    }
    const device = () =>
      Object.assign(new FakeDevice(), {
        createBuffer: ({ label }: { label?: string; size: number }) => new FakeResource(label),
      })

    test('tells its buffers and textures, with their sizes, until they are destroyed', async () => {
      const { memory } = await opened()
      const own = device()
      const { createBuffer } = own
      const { stop } = memory.capture.gpuDevice(own)
      const buffer = own.createBuffer({ size: 256, label: 'vertices' })
      const create = own.createTexture.bind(own) as (descriptor: object) => FakeResource
      const texture = create({ size: [64, 64], format: 'rgba8unorm' })
      expect((await memory.query.summary()).current).toBe(256 + 64 * 64 * 4)
      buffer.destroy()
      buffer.destroy()
      expect(buffer.destroyed).toBe(2)
      expect(
        (await memory.events()).map(({ type, size, typeName, varName }) => [type, size, typeName, varName]),
      ).toEqual([
        ['allocate', 256, 'GPUBuffer', 'vertices'],
        ['allocate', 16_384, 'GPUTexture', undefined],
        ['deallocate', 256, undefined, undefined],
      ])
      stop()
      expect(own.createBuffer).toBe(createBuffer)
      expect(Object.hasOwn(own, 'createTexture')).toBe(false)
      expect(Object.hasOwn(own, 'destroy')).toBe(false)
      texture.destroy()
      expect(await memory.count()).toBe(3)
    })

    test('takes all with it when it is destroyed or lost', async () => {
      const { memory } = await opened()
      const [destroyed, lost] = [device(), device()]
      for (const own of [destroyed, lost]) {
        memory.capture.gpuDevice(own)
        own.createBuffer({ size: 100 })
        own.createBuffer({ size: 100 })
      }
      expect((await memory.query.summary()).current).toBe(400)
      destroyed.destroy()
      expect((await memory.query.summary()).current).toBe(200)
      lost.lose()
      await lost.lost
      expect(await memory.query.summary()).toMatchObject({ current: 0, deallocations: 4, unmatchedFrees: 0 })
    })

    test('must be one', async () => {
      const { memory } = await opened()
      for (const own of [null, {}, { createBuffer() {} }]) {
        expect(() => memory.capture.gpuDevice(own)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
      }
    })
  })
})
