import { inTasks } from './in-tasks.ts'

export const allocEnv = inTasks({
  id: 'alloc-env',
  title: 'Environment inside the tasks',
  provides: 'alloc.env',
  argv: ['env'],
  make: readEnv,
  whole: (text) => text.endsWith('\n'),
})

/** Reads `env`. A line without a variable's name goes on with the value before it. */
function readEnv(text: string): Readonly<Record<string, string>> {
  const found = new Map<string, string>()
  let last = ''
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const [, name, value = ''] = /^([A-Za-z_][^=\s]*)=(.*)$/s.exec(line) ?? []
    if (name !== undefined) found.set((last = name), value)
    else if (last !== '') found.set(last, `${found.get(last) ?? ''}\n${line}`)
  }
  return Object.fromEntries(found)
}
