/** The origins of the frames in a document, whether it may look into them or not. */
export function originsInside(document: Document): string[] {
  const sources = Array.from(document.querySelectorAll('iframe, frame'), (frame) => (frame as HTMLIFrameElement).src)
  const origins = sources.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin)
  return [...new Set(origins)]
}

/** Tells whenever a frame in it has loaded, for the first time or anew. Returns how to stop. */
export function onFrameLoad(document: Document, tell: () => void): () => void {
  const onLoad = ({ target }: Event): void => {
    // No instanceof: in another window it is of another class.
    const { tagName } = target as Partial<Element>
    if (tagName === 'IFRAME' || tagName === 'FRAME') tell()
  }
  document.addEventListener('load', onLoad, { capture: true })
  return () => document.removeEventListener('load', onLoad, { capture: true })
}
