import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { captureGpuDevice } from '../../src/memory/capture-gpu.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

test('a buffer that nobody holds any more is freed when it is collected', async () => {
  const told: unknown[] = []
  const device = { createBuffer: (_descriptor: object) => ({ destroy() {} }), createTexture: () => ({ destroy() {} }) }
  captureGpuDevice((type, _ptr, size) => told.push([type, size]), device)
  device.createBuffer({ size: 100 })
  await expect
    .poll(() => {
      collectGarbage()
      return told
    })
    .toEqual([
      ['allocate', 100],
      ['deallocate', 100],
    ])
})
