/** Names of Consul DNS in the texts of a task. Pure. */
import type { At } from './place.ts'
import type { TaskSpec } from './shapes/job.ts'
import { placedTexts } from './templates.ts'
import { purposeOf } from './variable-names.ts'

/** Words that have a name looked up or called, before it; a flag that has an address. */
const calling =
  /(?:\b(?:nc|ncat|netcat|telnet|curl|wget|nslookup|dig|host|getent|hosts|ahosts|ping6?|until|while|wait-for\S*|wait4x|dockerize|pg_isready|psql|mysql(?:admin)?|redis-cli|mongosh?|ssh)\b[^\n|;&]{0,200}|=|:\s*["']?)$/

/** Where the name of a service is dialled or looked up, with that port if one is given; not where it only stands. */
export function consulDialled(task: TaskSpec, service: string, port?: number): At | undefined {
  const name = service.replace(/[^\w-]/g, String.raw`\$&`)
  const end = port === undefined ? '' : String.raw`[ :]${port}(?!\d)`
  const host = new RegExp(String.raw`(?<![\w-])${name}\.service\.(?:[\w-]+\.)?consul\b\.?${end}`, 'g')
  const texts = placedTexts(task)
  for (const [i, { text, at }] of texts.entries()) {
    const [block, key] = at as readonly [object, string]
    const env = block === task.env
    if (env && ['identity', 'browser'].includes(purposeOf(key))) continue
    for (const { 0: piece, index } of text.matchAll(host)) {
      const before = text.slice(0, index)
      const flag = before === '' && texts[i - 1]?.at && block === task.config ? (texts[i - 1]?.text ?? '') : ''
      const line = before.slice(before.lastIndexOf('\n') + 1)
      const ported = /^[ :]\d/.test(text.slice(index + piece.length)) || port !== undefined
      const told = purposeOf(/([\w.-]+)\s*[:=]\s*["']?$/.exec(line)?.[1] ?? flag) !== 'dialled'
      const addressed = /^--?\w*(?:h|host|addr|address|url|server|endpoint|upstream|target|wait)$/i.test(flag)
      if (!told && (env || ported || addressed || /:\/\/\S*$/.test(line) || calling.test(`${flag} ${line}`)))
        return [block, key, piece]
    }
  }
  return undefined
}
