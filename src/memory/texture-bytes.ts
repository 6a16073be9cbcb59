/** As much of a GPUTextureDescriptor as its size depends on. */
export interface TextureDescriptor {
  size: readonly number[] | { width: number; height?: number; depthOrArrayLayers?: number }
  format: string
  mipLevelCount?: number
  sampleCount?: number
  dimension?: string
}

/** Of a block: 1 × 1 but in compressed formats. */
const PACKED: Record<string, number> = {
  rgb9e5ufloat: 4,
  rgb10a2unorm: 4,
  rgb10a2uint: 4,
  rg11b10ufloat: 4,
  stencil8: 1,
  depth16unorm: 2,
  depth24plus: 4,
  'depth24plus-stencil8': 4,
  depth32float: 4,
  'depth32float-stencil8': 8,
}

/** What the texels of all levels, layers and samples take. A driver may round up; an unknown format counts as 0. */
export function textureBytes({
  size,
  format,
  mipLevelCount = 1,
  sampleCount = 1,
  dimension,
}: TextureDescriptor): number {
  const [width, height = 1, depthOrLayers = 1] =
    'width' in size ? [size.width, size.height, size.depthOrArrayLayers] : size
  const block = blockOf(format)
  let blocks = 0
  for (let level = 0; level < mipLevelCount; level++) {
    const across = Math.ceil(sideAt(level, width!) / block.width)
    const down = Math.ceil(sideAt(level, height) / block.height)
    // Layers stay as many as they are; the depth of a volume shrinks with its sides.
    blocks += across * down * (dimension === '3d' ? sideAt(level, depthOrLayers) : depthOrLayers)
  }
  return blocks * block.bytes * sampleCount
}

function sideAt(level: number, side: number): number {
  return Math.max(1, Math.floor(side / 2 ** level))
}

function blockOf(format: string): { width: number; height: number; bytes: number } {
  const astc = /^astc-(\d+)x(\d+)-/.exec(format)
  if (astc) return { width: Number(astc[1]), height: Number(astc[2]), bytes: 16 }
  if (/^(bc|etc2|eac)/.test(format)) {
    return { width: 4, height: 4, bytes: /^(bc[14]-|etc2-rgb8|eac-r11)/.test(format) ? 8 : 16 }
  }
  const channels = /^([rgba]+)(8|16|32)(unorm|snorm|uint|sint|float)/.exec(format)
  const bytes = channels ? (channels[1]!.length * Number(channels[2])) / 8 : (PACKED[format] ?? 0)
  return { width: 1, height: 1, bytes }
}
