/** The words of a task's texts, with the name each one stands under: a flag, a variable, a key. */
import type { At } from '../../knowledge/place.ts'
import type { TaskSpec, TaskText } from '../../knowledge/shapes/job.ts'
import { textsOf } from '../path/texts.ts'
import { base, commandsIn, type Command } from './commands.ts'
import { sectionsOf } from './sections.ts'

export interface Word {
  readonly name: string
  readonly value: string
  readonly kind: 'env' | 'config' | 'template'
  readonly from: string
  readonly at: At
  /** What it has to be read together with: one command, one section of a file, the environment. */
  readonly set: string
  /** The program it is given to only calls others. */
  readonly client?: true
  /** The headings of a file it stands under. */
  readonly under?: readonly string[]
}

const flag = /^--?[A-Za-z][\w.-]*$/
const address = /^-?(?:\d+\.\d+\.\d+\.\d+|[\da-fA-F]*:[\da-fA-F:]+|\$\{\w+\})$/
const portOnly = /^(?:\d{1,5}|\$\{NOMAD_(?:HOST_)?PORT_\w+\})$/
const joined = /^(--?[A-Za-z][\w.-]*)[=:](.*)$/s
/** `-c listen_addresses=127.0.0.1` */
const setting = /^((?:listen|bind)[\w.-]*|port)=(.*)$/s

/** Letters with which servers are told where to listen: `gunicorn -b 127.0.0.1:8080`, `php -S localhost:8080`. */
const letters: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  gunicorn: { '-b': '--bind' },
  hypercorn: { '-b': '--bind' },
  php: { '-S': '--listen' },
  'http-server': { '-a': '--listen' },
}
const lettersOf = ({ program, tokens }: Command): Readonly<Record<string, string>> =>
  [program, ...tokens.map(({ word }) => word)].map((word) => letters[base(word)]).find((one) => one !== undefined) ?? {}

/** A value stands under the flag before it. */
function argumentsOf(text: TaskText, command: Command, set: string): readonly Word[] {
  const { tokens, client } = command
  const meant = lettersOf(command)
  const found: Word[] = []
  let name = ''
  const put = (under: string, value: string, lead: string): void => {
    found.push({
      name: under,
      value,
      kind: 'config',
      from: text.from,
      at: [text, 'text', value, lead],
      set,
      ...(client ? { client } : {}),
    })
    name = ''
  }
  for (const { raw, word } of tokens) {
    const last = found.at(-1)
    const [, before, after = ''] = joined.exec(word) ?? (name === '-c' ? setting.exec(word) : undefined) ?? []
    if (flag.test(word)) name = word
    else if (before !== undefined) put(before, after, raw.slice(0, raw.indexOf(after, before.length)))
    // `python3 -m http.server --bind 127.0.0.1 8000`
    else if (last && name === '' && portOnly.test(word) && found.some(({ value }) => value === 'http.server'))
      put('port', word, `${last.value} `)
    else {
      // `--bind 10.0.0.1 127.0.0.1`: one flag, several addresses.
      const goesOn = name === '' && last && address.test(last.value) && address.test(word)
      put(goesOn ? last.name : (meant[name] ?? name), word, name === '' ? '' : `${name} `)
    }
  }
  return found
}

const assignment = /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*=\s*(.*)$/

/** Lines of a template: `KEY=value` where it writes variables, else the first word as the name of the rest. */
const linesOf = (text: TaskText, env: boolean): readonly Word[] =>
  sectionsOf(text.text).flatMap(({ text: line, under }): readonly Word[] => {
    if (line.trim() === '') return []
    const [, key, value] = assignment.exec(line) ?? []
    const own = { kind: 'template', from: text.from, at: [text, 'text', line.trim()] } as const
    const where = env ? { set: text.from } : { set: `${text.from} ${under.join(' ')}`, under }
    if (key !== undefined && value !== undefined)
      return [{ name: key, value: value.replace(/^["']|["']$/g, ''), ...own, ...where }]
    if (env) return []
    const [, name = '', rest = line] = /^\s*(?:-\s+)?"?([A-Za-z][\w.-]*)"?\s*[:\s=]\s*(.*)$/.exec(line) ?? []
    return [{ name, value: rest, ...own, ...where }]
  })

const runs = /^config (args|command|entrypoint|cmd|jvm_options) of task /

/** Every word of a task under which a place may stand. */
export function wordsOf(task: TaskSpec): readonly Word[] {
  const env = new Set(task.templates.filter((one) => one.env).map(({ destination }) => destination))
  const { command } = task.config
  return textsOf(task).flatMap((text): readonly Word[] => {
    if (text.kind === 'env')
      return [
        { name: text.variable ?? '', value: text.text, kind: 'env', from: text.from, at: [text, 'text'], set: 'env' },
      ]
    if (text.kind === 'config') {
      const [, key] = runs.exec(text.from) ?? []
      if (key === undefined) return []
      const program = key === 'args' && typeof command === 'string' ? command : undefined
      return commandsIn(text.text, program).flatMap((one, i) => argumentsOf(text, one, `${text.from} ${i}`))
    }
    const [, destination = ''] = /^template (.*) of task /.exec(text.from) ?? []
    return linesOf(text, env.has(destination))
  })
}
