import { writeSync } from 'node:fs'

const restorers = new Set<() => void>()

/**
 * Registers what must happen before a crash message is printed, such as leaving the alternate screen.
 * Returns the function that takes it back.
 */
export function beforeCrash(restore: () => void): () => void {
  restorers.add(restore)
  return () => restorers.delete(restore)
}

/** Ends the program after an exception that nobody expected: terminal restored, one line, exit code 70. */
export function crash(error: unknown): never {
  for (const restore of restorers) {
    try {
      restore()
    } catch {
      // The message below matters more than a second failure.
    }
  }
  say(`nomad-netdoctor: this is a bug of ours, please report it: ${describe(error)}`)
  if (process.env['NETDOCTOR_DEBUG'] && error instanceof Error) say(error.stack ?? '')
  process.exit(70)
}

function describe(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim()
}

// Written at once, because the process ends right after it.
function say(text: string): void {
  try {
    writeSync(2, `${text}\n`)
  } catch {
    // Nobody listens: the exit code still tells.
  }
}
