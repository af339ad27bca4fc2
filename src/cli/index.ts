import { cleanLine } from '../ask/clean.ts'
import { say } from '../out.ts'
import { nearest } from '../run/nearest.ts'
import { UsageError } from './flags.ts'
import { tell } from './tell.ts'

type Command = (argv: readonly string[]) => Promise<number | UsageError> | number | UsageError

/** Commands by name; nothing is loaded that was not called. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  diagnose: async () => (await import('./diagnose.ts')).diagnose,
  path: async () => (await import('./path.ts')).path,
  check: async () => (await import('./check.ts')).check,
  faults: async () => (await import('./faults.ts')).faults,
  lint: async () => (await import('./lint.ts')).lint,
  capture: async () => (await import('./capture.ts')).capture,
}

const leaving = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const

/** Runs one command and tells its exit code. Without a command: the terminal interface. */
export async function run(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv
  // Leaving by `exit` lets everything that is registered clean up; a closed terminal is a signal, too. Files keep the
  // process too busy to hear one, and nothing is registered for them: the system ends it.
  for (const [signal, code] of name === 'lint' ? [] : leaving) process.once(signal, () => process.exit(code))
  if (name === 'help') {
    say(`${(await import('./help.ts')).help}\n`)
    return 0
  }
  if (name === undefined || name.startsWith('-')) return told((await import('./interactive.ts')).interactive, argv)
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!load) {
    const offers = nearest(name, Object.keys(commands))
    const wrong = new UsageError(`there is no command "${name}"`, offers, 'All commands: nomad-netdoctor --help')
    return complain(wrong, rest)
  }
  return told(await load(), rest)
}

async function told(command: Command, argv: readonly string[]): Promise<number> {
  const result = await command(argv)
  return result instanceof UsageError ? complain(result, argv) : result
}

function complain({ message }: UsageError, argv: readonly string[]): number {
  const said = `nomad-netdoctor: ${message.split('\n').map(cleanLine).join('\n')}\n`
  tell(said, { plain: argv.includes('--plain') }, 'stderr')
  return 2
}
