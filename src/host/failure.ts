/** Rejects when the worker's script could not be loaded or run. Never resolves. */
export function failureOf(worker: AbstractWorker & EventTarget): Promise<never> {
  const failed = new Promise<never>((_resolve, reject) => {
    worker.addEventListener('error', (event) => {
      const { message } = event as ErrorEvent
      reject(new Error(message ? `its script failed (${message})` : 'its script could not be loaded'))
    })
  })
  failed.catch(() => {})
  return failed
}
