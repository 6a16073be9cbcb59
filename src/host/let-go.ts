import { storeError, type Fault } from '../core/fault.js'

// A writer lets a tab go when the tab's lock is free. The tab may have been frozen, or kept for the back button, and
// come back: then it has to say hello again before anything else.

export function helloFirst(): Error {
  return storeError('closed', 'The writer took this tab for gone: say hello first.', { hello: true })
}

export function asksForHello(fault: Fault): boolean {
  return fault.code === 'closed' && fault['hello'] === true
}
