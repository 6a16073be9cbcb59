// Resolves when it is gone, or never was. Connections that are open are asked to close, and waited for.
export function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(request.error!)
  })
}
