import { invalidArgument } from '../core/fault.js'
import type { Sink } from './capture.js'
import { madeUpAddresses } from './made-up-addresses.js'
import { replaceMethod } from './replace-method.js'
import { textureBytes, type TextureDescriptor } from './texture-bytes.js'

/** As much of a GPUDevice as is needed here. */
interface Device {
  createBuffer(descriptor: BufferDescriptor): Resource
  createTexture(descriptor: TextureDescriptor): Resource
  destroy?(): void
  lost?: Promise<unknown>
}
interface BufferDescriptor {
  size: number
}
/** A GPUBuffer or GPUTexture. */
interface Resource {
  destroy(): void
  label?: string
}

export function captureGpuDevice(sink: Sink, device: unknown): { stop(): void } {
  if (!isDevice(device)) throw invalidArgument('device', 'a GPUDevice', device)
  const nextAddress = madeUpAddresses()
  const live = new Map<bigint, number>()
  let stopped = false

  const free = (ptr: bigint): void => {
    const size = live.get(ptr)
    if (size === undefined || stopped) return
    live.delete(ptr)
    sink('deallocate', ptr, size)
  }
  const freeAll = (): void => {
    for (const ptr of live.keys()) free(ptr)
  }
  // None is held here: what nobody else holds is collected, and its memory freed.
  const collected = new FinalizationRegistry<bigint>(free)
  const watch = (resource: Resource, typeName: string, size: number): void => {
    const ptr = nextAddress()
    live.set(ptr, size)
    sink('allocate', ptr, size, { typeName, ...(resource.label ? { varName: resource.label } : {}) })
    collected.register(resource, ptr)
    replaceMethod(resource, 'destroy', (original, target, args) => {
      free(ptr)
      return Reflect.apply(original, target, args)
    })
  }
  const watchMade = <D>(
    method: 'createBuffer' | 'createTexture',
    typeName: string,
    bytesOf: (descriptor: D) => number,
  ) =>
    replaceMethod(device, method, (original, target, args) => {
      const resource = Reflect.apply(original, target, args) as Resource
      watch(resource, typeName, bytesOf(args[0] as D))
      return resource
    })
  const restores = [
    watchMade<BufferDescriptor>('createBuffer', 'GPUBuffer', ({ size }) => size),
    watchMade<TextureDescriptor>('createTexture', 'GPUTexture', textureBytes),
  ]
  if (device.destroy) {
    const destroyDevice = replaceMethod(device, 'destroy', (original, target, args) => {
      freeAll()
      return Reflect.apply(original, target, args)
    })
    restores.push(destroyDevice)
  }
  void device.lost?.then(freeAll, freeAll)
  return {
    stop() {
      stopped = true
      for (const restore of restores) restore()
    },
  }
}

function isDevice(device: unknown): device is Device {
  if (typeof device !== 'object' || device === null) return false
  const { createBuffer, createTexture } = device as Partial<Device>
  return typeof createBuffer === 'function' && typeof createTexture === 'function'
}
