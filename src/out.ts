import { fstatSync, writeSync } from 'node:fs'

type Output = 'stdout' | 'stderr'
const descriptors = { stdout: 1, stderr: 2 } as const
const used = new Map<Output, NodeJS.WriteStream>()

/** Node's own stream. Making one takes as long as finding out what is wrong, so it is made where it is needed. */
export function streamOf(name: Output): NodeJS.WriteStream {
  const known = used.get(name)
  if (known) return known
  const stream = process[name]
  stream.on('error', name === 'stdout' ? failed : () => {})
  used.set(name, stream)
  return stream
}

/** The terminal that the output goes to; undefined when it goes into a pipe or a file. */
export function terminal(name: Output = 'stdout'): NodeJS.WriteStream | undefined {
  if (!isDevice(name)) return undefined
  const stream = streamOf(name)
  return stream.isTTY ? stream : undefined
}

function isDevice(name: Output): boolean {
  try {
    return fstatSync(descriptors[name]).isCharacterDevice()
  } catch {
    return false
  }
}

let passing = false
/** A line of the terminal on the standard error that the next one, or whatever is said next, takes the place of. */
export function status(line: string): void {
  if (line === '' && !passing) return
  if (!passing) process.once('exit', () => status(''))
  passing = false
  say(`\r${line}\u001B[K`, 'stderr')
  passing = line !== ''
}

/** Writes a text at once, to the standard output if nothing else is said. */
export function say(text: string, name: Output = 'stdout'): void {
  status('')
  // A console of Windows takes its letters from the stream alone.
  if (used.has(name) || process.platform === 'win32') return void streamOf(name).write(text)
  const bytes = Buffer.from(text)
  let at = 0
  try {
    while (at < bytes.length) at += writeSync(descriptors[name], bytes, at)
  } catch (error) {
    // A pipe that does not wait: the stream knows when it takes more.
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') streamOf(name).write(bytes.subarray(at))
    else if (name === 'stdout') failed(error as NodeJS.ErrnoException)
  }
}

/** A reader that leaves early, such as `head`, is no failure; the exit code stays the one of the run. */
function failed(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return
  say(`nomad-netdoctor: cannot write the output: ${error.message}\n`, 'stderr')
  process.exit(2)
}

/** Settles when everything written so far has left the process, so that a long report into a pipe is never cut. */
export async function flushed(): Promise<void> {
  await Promise.all([...used.values()].map((stream) => new Promise<void>((done) => stream.write('', () => done()))))
}
