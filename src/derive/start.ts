import { isInLoop } from '../knowledge/restart-loop.ts'
import type { AllocRecord, BindError, TaskState } from '../knowledge/shapes/runtime.ts'
import { derivation, made, notKnown, type AnyDerivation } from './derivation.ts'

/** Why an allocation that has a client does not come up. */
export const startDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'alloc.setup-failure',
    about: 'alloc',
    from: ['alloc.record'],
    make: ({ 'alloc.record': record }) => {
      const failed = setupFailure(record)
      return made(failed, failed ?? 'no set-up failure')
    },
  }),
  derivation({
    provides: 'alloc.driver-failure',
    about: 'alloc',
    from: ['alloc.record'],
    maybe: ['alloc.asked'],
    make: ({ 'alloc.record': { tasks } }, { 'alloc.asked': asked }) => {
      const said = tasks
        .filter((task) => unsteady(task, asked))
        .flatMap(({ name, events }) =>
          sinceStart(events)
            .filter(({ type }) => type === 'Driver Failure')
            .map(({ text }) => ({ name, text })),
        )
        .at(-1)
      return made(said?.text ?? null, said ? `task ${said.name}: ${said.text}` : 'no driver failure')
    },
  }),
  derivation({
    provides: 'alloc.bind-error',
    about: 'alloc',
    from: ['alloc.record'],
    maybe: ['alloc.asked', 'alloc.logs'],
    make: ({ 'alloc.record': { tasks } }, { 'alloc.asked': asked, 'alloc.logs': logs }) => {
      const failing = tasks.filter((task) => unsteady(task, asked))
      const told = failing
        .map(({ name, events }) =>
          bindError(
            name,
            sinceStart(events)
              .map(({ text }) => text)
              .toReversed(),
          ),
        )
        .find((one) => one !== null)
      if (told) return made(told, `task ${told.task}: ${told.text}`)
      const started = failing.filter(({ events }) => events.some(({ type }) => type === 'Started'))
      if (started.length === 0) return made(null, 'no task failed to bind a port')
      if (!logs) return notKnown(`task ${started[0]?.name ?? ''} does not stay up, and its output is not known`)
      const logged = started.map(({ name }) => bindError(name, lines(logs[name]))).find((one) => one !== null)
      return logged ? made(logged, `task ${logged.task}: ${logged.text}`) : made(null, 'no task failed to bind a port')
    },
  }),
  derivation({
    provides: 'alloc.start',
    about: 'alloc',
    from: ['alloc.record', 'alloc.setup-failure', 'alloc.bind-error'],
    maybe: ['alloc.asked'],
    make: (
      { 'alloc.record': { tasks, clientStatus }, 'alloc.setup-failure': failed, 'alloc.bind-error': error },
      { 'alloc.asked': asked },
    ) => {
      if (failed !== null) return 'no-set-up'
      if (error !== null) return 'no-bind'
      if (tasks.some((task) => unsteady(task, asked))) return 'unsteady'
      return clientStatus === 'pending' ? 'waiting' : 'up'
    },
  }),
]

/** Set-up happens once, before the first task starts; a client that refuses the allocation leaves no event at all. */
function setupFailure({ clientStatus, clientDescription, tasks }: AllocRecord): string | null {
  if (clientStatus === 'running' || clientStatus === 'complete') return null
  if (clientStatus === 'failed' && clientDescription.startsWith('Unable to add allocation')) return clientDescription
  const failures = tasks.flatMap(({ events }) => events.filter(({ type }) => type === 'Setup Failure'))
  return failures.at(-1)?.text ?? null
}

/** Dead by failure, between two starts, or up for a moment once more. */
const unsteady = (task: TaskState, asked: number | undefined): boolean => {
  const { state, failed, restarts, events } = task
  return (
    (state === 'dead' && failed) ||
    (state === 'pending' && (restarts > 0 || events.some(({ type }) => type === 'Driver Failure'))) ||
    isInLoop(task, asked)
  )
}

/** The events of the newest attempt: after the last start, the failure of it included. */
function sinceStart(events: TaskState['events']): TaskState['events'] {
  const starts = events.map(({ type }) => type).lastIndexOf('Started')
  return starts === -1 ? events : events.slice(starts)
}

const kinds: readonly (readonly [RegExp, BindError['kind']])[] = [
  [/address already in use|EADDRINUSE|port is already allocated/i, 'in-use'],
  [/cannot assign requested address|EADDRNOTAVAIL/i, 'no-such-address'],
  [
    /\b(bind|listen)\b.*permission denied|permission denied.*\b(bind|listen)|EACCES.*\b(bind|listen)|\b(bind|listen)\b.*EACCES/i,
    'denied',
  ],
]
/** `socketserver` and friends say only this, below a line that names the call. */
const bare = /permission denied/i
const called = /\bself\.(server_bind|socket\.bind)\b|\bnet\.listen\b|\bbind\(/

function bindError(task: string, said: readonly string[]): BindError | null {
  for (const [index, text] of said.entries()) {
    const under = bare.test(text) && said.slice(index + 1, index + 8).some((line) => called.test(line))
    const kind = kinds.find(([words]) => words.test(text))?.[1] ?? (under ? 'denied' : undefined)
    if (kind) return { kind, task, text, ...place(text) }
  }
  return null
}

/** `10.0.0.1:8080`, `0.0.0.0:80`, `[::]:80`, as such texts name it. */
function place(text: string): { address?: string; port?: number } {
  const [, address, port] = /(?:^|[\s(])(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]*\]|):(\d{1,5})\b/i.exec(text) ?? []
  return { ...(address ? { address: address.replace(/[[\]]/g, '') } : {}), ...(port ? { port: Number(port) } : {}) }
}

/** Newest line first. */
const lines = (output: { readonly stdout: string; readonly stderr: string } | undefined): readonly string[] =>
  output
    ? [...output.stdout.split('\n').slice(-40), ...output.stderr.split('\n').slice(-40)]
        .filter((line) => line !== '')
        .toReversed()
    : []
