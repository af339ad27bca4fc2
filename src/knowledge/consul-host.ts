/** Names of Consul DNS in the texts of a task. Pure. */
import type { At } from './place.ts'
import type { TaskSpec } from './shapes/job.ts'
import { placedTexts } from './templates.ts'
import { holdsAddress, purposeOf } from './variable-names.ts'

/** Commands that have a name looked up or called, before it. */
const calling =
  /(?<![\w.-])(?:nc|ncat|netcat|telnet|curl|wget|nslookup|dig|host|getent|ping6?|until|while|wait-for\S*|wait4x|dockerize|pg_isready|psql|mysql(?:admin)?|redis-cli|mongosh?|ssh)\s[^\n|;&]{0,200}$/
/** What fails without harm: `curl ... || true`. */
const forgiven = /\|\|\s*(?:(?:true|exit 0|echo)\b|:(?![\w:]))/

/** A place where the name of a service is dialled or looked up. */
export interface ConsulName {
  readonly at: At
  /** A command does so, and fails or waits without an answer; a setting may be used late, or never. */
  readonly command: boolean
}

/** Where the name of a service is dialled or looked up, with that port if one is given; not where it only stands. */
export function consulNames(task: TaskSpec, service: string, port?: number): readonly ConsulName[] {
  const name = service.replace(/[^\w-]/g, String.raw`\$&`)
  const end = port === undefined ? '' : String.raw`[ :]${port}(?!\d)`
  const host = new RegExp(String.raw`(?<![\w-])${name}\.service\.(?:[\w-]+\.)?consul\b\.?${end}`, 'g')
  const texts = placedTexts(task)
  return texts.flatMap(({ text, at }, i) => {
    const [block, key] = at as readonly [object, string]
    const env = block === task.env
    return [...text.matchAll(host)].flatMap(({ 0: piece, index }): readonly ConsulName[] => {
      const before = text.slice(0, index)
      const after = text.slice(index + piece.length)
      const flag = before === '' && texts[i - 1]?.at && block === task.config ? (texts[i - 1]?.text ?? '') : ''
      const line = before.slice(before.lastIndexOf('\n') + 1)
      const own = env ? key : (/([\w.-]+)\s*[:=]\s*["']?$/.exec(line)?.[1] ?? flag)
      if (['identity', 'browser'].includes(purposeOf(own)) || (!env && purposeOf(own) !== 'dialled')) return []
      const command = calling.test(`${flag} ${line}`) && !forgiven.test(/^[^\n]*/.exec(after)?.[0] ?? '')
      const addressed = /^[ :]\d/.test(after) || port !== undefined || /:\/\/\S*$/.test(line)
      const found = command || addressed || holdsAddress(own)
      return found ? [{ at: [block, key, piece], command: command && !env }] : []
    })
  })
}
