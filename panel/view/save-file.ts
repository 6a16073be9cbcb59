const REVOKE_AFTER_MS = 60_000

/** Hands a file to the browser's downloads. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download reads the URL after the click has returned, and nothing tells when it has.
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS)
}
