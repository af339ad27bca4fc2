/** The words of a task's texts, with the name each one stands under: a flag, a variable. */
import type { At } from '../../knowledge/place.ts'
import type { TaskSpec, TaskText } from '../../knowledge/shapes/job.ts'
import { textsOf } from '../path/texts.ts'

export interface Word {
  readonly name: string
  readonly value: string
  readonly kind: 'env' | 'config' | 'template'
  readonly from: string
  readonly at: At
}

const flag = /^--?[A-Za-z][\w.-]*$/
const address = /^-?(?:\d+\.\d+\.\d+\.\d+|[\da-fA-F]*:[\da-fA-F:]+|\$\{\w+\})$/
const joined = /^(--?[A-Za-z][\w.-]*)[=:](.*)$/s

/** Arguments split as a shell would split simple ones; a value stands under the flag before it. */
function argumentsOf(text: TaskText): readonly Word[] {
  const found: Word[] = []
  let name = ''
  let last: { readonly under: string; readonly value: string } | undefined
  for (const raw of text.text.split(/\s+/)) {
    const word = raw.replace(/^["']+|["',;]+$/g, '')
    if (word === '') continue
    const [, before, after] = joined.exec(word) ?? []
    if (flag.test(word)) name = word
    else {
      const value = before === undefined ? word : (after ?? '')
      // `--bind 10.0.0.1 127.0.0.1`: one flag, several addresses.
      const goesOn = before === undefined && name === '' && last && address.test(last.value) && address.test(value)
      const under = before ?? (goesOn ? (last?.under ?? '') : name)
      const lead =
        before === undefined ? (name === '' ? '' : `${name} `) : raw.slice(0, raw.indexOf(value, before.length))
      found.push({ name: under, value, kind: 'config', from: text.from, at: [text, 'text', value, lead] })
      last = { under, value }
      name = ''
    }
  }
  return found
}

const assignment = /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*=\s*(.*)$/

/** Lines of a template: `KEY=value` where it writes variables, else the first word as the name of the rest. */
function linesOf(text: TaskText, env: boolean): readonly Word[] {
  return text.text.split('\n').flatMap((line): readonly Word[] => {
    const [, key, value] = assignment.exec(line) ?? []
    const at = [text, 'text', line.trim()] as const
    if (key !== undefined && value !== undefined)
      return [{ name: key, value: value.replace(/^["']|["']$/g, ''), kind: 'template', from: text.from, at }]
    if (env) return []
    const [, name = '', rest = line] = /^\s*(?:-\s+)?"?([A-Za-z][\w.-]*)"?\s*[:\s=]\s*(.*)$/.exec(line) ?? []
    return /^\s*(#|\/\/)/.test(line) ? [] : [{ name, value: rest, kind: 'template', from: text.from, at }]
  })
}

const runs = /^config (args|command|entrypoint|cmd|jvm_options) of task /

/** Every word of a task under which a place may stand. */
export function wordsOf(task: TaskSpec): readonly Word[] {
  const env = new Set(task.templates.filter((one) => one.env).map(({ destination }) => destination))
  return textsOf(task).flatMap((text): readonly Word[] => {
    if (text.kind === 'env')
      return [{ name: text.variable ?? '', value: text.text, kind: 'env', from: text.from, at: [text, 'text'] }]
    if (text.kind === 'config') return runs.test(text.from) ? argumentsOf(text) : []
    const [, destination = ''] = /^template (.*) of task /.exec(text.from) ?? []
    return linesOf(text, env.has(destination))
  })
}
