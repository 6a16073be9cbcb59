/** Colours of the canvas, taken from the style sheet so that themes have one home. */
export interface Ink {
  bar: Rgb
  text: string
  grid: string
  cursor: string
  selection: string
  selectionEdge: string
  shade: string
}

export type Rgb = readonly [red: number, green: number, blue: number]

/** Reads the custom properties as they hold inside this element now. */
export function readInk(element: HTMLElement): Ink {
  const probe = element.ownerDocument.createElement('span')
  element.append(probe)
  const read = (name: string): string => {
    probe.style.color = `var(${name})`
    return getComputedStyle(probe).color
  }
  const ink: Ink = {
    bar: toRgb(read('--bar')),
    text: read('--dim'),
    grid: read('--grid-line'),
    cursor: read('--text'),
    selection: read('--selection'),
    selectionEdge: read('--accent'),
    shade: read('--shade'),
  }
  probe.remove()
  return ink
}

/** A computed colour in whatever notation, as bytes. */
export function toRgb(color: string): Rgb {
  const context = new OffscreenCanvas(1, 1).getContext('2d')
  if (context === null) return [128, 128, 128]
  context.fillStyle = color
  context.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
  return [red, green, blue]
}
