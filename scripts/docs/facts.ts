/** docs/facts.md: the vocabulary. */
import { ruleList } from '../../src/knowledge/faults/index.ts'
import { facts } from '../../src/knowledge/facts.ts'
import { kinds } from '../../src/knowledge/things.ts'
import { factTypes } from './fact-types.ts'
import { derivationOf, factOf, probeOf } from './knowing.ts'
import { code, oneOf, page, prose, table } from './markdown.ts'
import type { Page } from './page.ts'

export function factsPage(): Page {
  const types = factTypes()
  const users = Map.groupBy(
    ruleList.flatMap(({ id, needs, onlyWhen = {} }) =>
      [...new Set([...needs, ...Object.keys(onlyWhen)].map(factOf))].map((fact) => ({ id, fact })),
    ),
    ({ fact }) => fact,
  )
  const row = ([key, { meaning }]: [string, { meaning: string }]): string[] => [
    `<a id="${key}"></a>${code(key)}`,
    prose(meaning),
    code(types.get(key) ?? 'unknown'),
    origin(key),
    String(new Set(users.get(key)?.map(({ id }) => id)).size),
  ]
  return {
    file: 'facts.md',
    text: page(
      'Facts',
      `The vocabulary: ${Object.keys(facts).length} facts. A fact is about one kind of thing and has exactly one origin: a probe reads it, or it is derived from other facts. A fault may also need facts of the things around its own: \`node.…\` of an allocation, \`source.…\` and \`target.…\` of a path, \`every.…\` for all members of a thing.`,
      ...kinds.map((kind) => {
        const own = Object.entries(facts).filter(([key]) => key.startsWith(`${kind}.`))
        return `## About ${oneOf(kind)}\n\n${table(['Fact', 'Meaning', 'Type', 'Origin', 'Faults'], own.map(row))}`
      }),
    ),
  }
}

function origin(key: string): string {
  const probe = probeOf(key)
  if (probe) return `probe [${probe.id}](probes.md#${probe.id})`
  const rule = derivationOf(key)
  if (!rule) return 'none yet'
  const inputs = [...rule.from, ...(rule.maybe ?? [])].map((need) => `[${code(need)}](#${factOf(need)})`)
  return inputs.length === 0 ? 'what was asked' : `derived from ${inputs.join(', ')}`
}
