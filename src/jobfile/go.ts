/** A program of Go in WebAssembly, as `wasm_exec.js` of Go runs it. */
// oxlint-disable no-underscore-dangle -- the names are theirs
export interface Go {
  readonly importObject: { readonly go: Record<string, (sp: number) => void> }
  readonly run: (instance: Instance) => Promise<void>
  readonly exited: boolean
  /** Goes on where it left off: called by its functions and by its timers. */
  _resume: () => void
  readonly _scheduledTimeouts: Map<number, NodeJS.Timeout>
  exit: (code: number) => void
}
export interface Instance {
  readonly exports: { readonly mem: { readonly buffer: ArrayBuffer } }
}

/**
 * Settles when nothing more is to be had of it. What ran out of stack stands in the middle of something, and its timers
 * would go on from there: it prints all it knows of itself and throws where nobody catches.
 */
export function lastOf(go: Go): Promise<'ended'> {
  go.exit = () => {}
  go.importObject.go['runtime.wasmWrite'] = () => {}
  return new Promise((resolve) => {
    let over = false
    const end = () => {
      over = true
      for (const timer of go._scheduledTimeouts.values()) clearTimeout(timer)
      go._scheduledTimeouts.clear()
      resolve('ended')
    }
    const resume = go._resume.bind(go)
    go._resume = () => {
      if (over) return
      try {
        resume()
      } catch {
        end()
      }
      if (go.exited) end()
    }
  })
}
