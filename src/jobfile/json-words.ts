/** Sentences that name parts of a job file, for a job in the JSON of the API. */
import { booleans, job, lists, numbers, type Shape } from './api-shape.ts'
import { apiName } from './json-job.ts'

/** Attributes of Nomad's own blocks; those of a driver are called the same in JSON. */
const attributes = new Set([
  ...numbers,
  ...booleans,
  ...[...lists].filter((name) => !['args', 'hosts', 'options'].includes(name)),
  ...'mode provider address_mode port host_network type task path protocol change_mode destination data operator'.split(
    ' ',
  ),
])

const fields = (shape: Shape): readonly (readonly [type: string, field: string])[] =>
  Object.entries(shape.blocks ?? {}).flatMap(([type, inner]) => [
    [type, inner.field] as const,
    ...(inner.shape ? fields(inner.shape) : []),
  ])
const called = new Map([...fields(job).toReversed(), ['port', 'DynamicPorts or ReservedPorts'] as const])
const block = new RegExp(String.raw`\b(a )?(${[...called.keys()].join('|')}) block(s?)\b`, 'g')

/** `mode = "bridge" in the network block` is `"Mode": "bridge" in the object of Networks`. */
export const inJson = (sentence: string): string =>
  sentence
    .replaceAll(/\b([a-z_]+) = (?=["\d[\w])/g, (whole, name: string) =>
      attributes.has(name) ? `"${apiName(name)}": ` : whole,
    )
    .replaceAll(block, (whole, article: string | undefined, type: string, many: string) => {
      const field = called.get(type)
      return field === undefined ? whole : `${article === undefined ? '' : 'an '}object${many} of ${field}`
    })
