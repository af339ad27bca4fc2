/** What the text of a template calls and sets, as far as it is written out. Pure. */
import { uncommented } from '../embedded-text.ts'
import { hole, wrongKey, wrongValue } from './env-line.ts'
import type { At } from './place.ts'
import type { TaskSpec } from './shapes/job.ts'

/** A call of a catalogue function with a name written out. */
export interface Call {
  readonly fn: 'nomadService' | 'service' | 'connect'
  readonly name: string
  /** `nomadService 1 $key "name"`: the server chooses some instances. */
  readonly chooses: boolean
}

const actions = (data: string): readonly string[] =>
  [...data.matchAll(/\{\{-?\s*(?!\/\*)([\s\S]{0,4000}?)\}\}/g)].map(([, action = '']) => action)

const call =
  /(?<![\w."$])(nomadService|service|connect)\s+(\d+\s+(?:\([^)]*\)|"[^"]*"|\S+)\s+)?(?:"([^"]*)"|`([^`]*)`)/g

export const serviceCalls = (data: string): readonly Call[] =>
  actions(data).flatMap((action) =>
    [...action.matchAll(call)].map(([, fn = '', choice, quoted, raw]) => ({
      fn: fn as Call['fn'],
      name: quoted ?? raw ?? '',
      chooses: choice !== undefined,
    })),
  )

const moving =
  /(?<![\w."$])(nomadServices?|services?|connect|key|keyExists|keyOrDefault|ls|safeLs|tree|safeTree|nomadVar|nomadVarList|nomadVarExists|secret|secrets)\b/

/** Whether its text may come out differently while the task runs: it asks a catalogue or a store. */
export const moves = (data: string): boolean =>
  actions(data).some((action) => moving.test(action.replace(/"[^"]*"|`[^`]*`/g, '""')))

/** A template without the blocks that begin so, and what stands in them. */
function without(begins: (word: string) => boolean, data: string): string {
  let depth = 0
  let kept = ''
  let from = 0
  for (const found of data.matchAll(/\{\{-?\s*(define|if|range|with|block|end)\b[\s\S]*?\}\}/g)) {
    const [whole, word = ''] = found
    if (depth === 0 && !begins(word)) continue
    if (depth === 0) kept += data.slice(from, found.index)
    depth += word === 'end' ? -1 : 1
    from = found.index + whole.length
  }
  return depth === 0 ? kept + data.slice(from) : data
}

/** A comment of a template: what stands in it is not read, other actions neither. Source: text/template/parse, `lexComment`. */
const remark = /\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}/g

/** What it defines under a name is no output where it stands. */
const defines = (word: string): boolean => word === 'define'
/** What stands in any block may be left out. */
const depends = (word: string): boolean => word !== 'end'

/** Its lines, every action as one hole, white space taken away where the action says so. */
function lines(whole: string, left = defines): readonly string[] {
  const trimmed = whole.replace(/\s*\{\{-(?=\s)/g, '{{').replace(/(?<=\s)-\}\}\s*/g, '}}')
  const data = without(left, trimmed.replace(remark, ''))
  return data.replace(/\{\{[\s\S]*?\}\}/g, hole).split('\n')
}

/** Variables it sets under names written out, each once. */
export const variablesOf = (data: string): readonly string[] => setIn(lines(data))
/** Those of them that it sets whatever its conditions and lists come to. */
export const alwaysSet = (data: string): readonly string[] => setIn(lines(data, depends))

function setIn(all: readonly string[]): readonly string[] {
  const found = all.map((line) => /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*=/.exec(line.replaceAll(hole, ' '))?.[1])
  return [...new Set(found.filter((name) => name !== undefined))]
}

/** Why a line of an env file cannot be read, whatever the actions give. Source: go-envparse. */
export function envError(
  data: string,
): { readonly line: string; readonly why: string; readonly piece: string } | undefined {
  for (const full of lines(data)) {
    const line = full.trim()
    const shown = line.replaceAll(hole, '{{ … }}')
    if (line === '' || line.startsWith('#')) continue
    const equals = line.indexOf('=')
    if (equals === -1) {
      if (line.includes(hole)) continue
      return { line: shown, why: 'missing =', piece: line }
    }
    const why = wrongKey(line.slice(0, equals)) ?? wrongValue(line.slice(equals + 1))
    if (why === undefined) continue
    const piece = line.slice(line.lastIndexOf(hole, equals) + 1, why.startsWith('key') ? equals + 1 : undefined)
    return { line: shown, why, piece: piece.split(hole)[0] ?? '' }
  }
  return undefined
}

/** Texts in which a task names others, with where they stand: environment, driver arguments, templates. */
export function placedTexts({ templates, env, config }: TaskSpec): readonly { text: string; at: At }[] {
  const words = ['command', 'args', 'entrypoint'].flatMap((key) => {
    const value = config[key]
    const all = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : []
    return all.map((text) => ({ text: uncommented(text), at: [config, key, text] as const }))
  })
  return [
    ...templates.map((one) => ({ text: uncommented(one.data), at: [one, 'data'] as const })),
    ...Object.entries(env).map(([name, text]) => ({ text: uncommented(text), at: [env, name] as const })),
    ...words,
  ]
}
export const textsOf = (task: TaskSpec): readonly string[] => placedTexts(task).map(({ text }) => text)

/** Whether a dependency, as consul-template spells it, is answered by Consul. */
export const ofConsul = (dependency: string): boolean => /^(?:health|catalog|kv|connect|agent)\./.test(dependency)
