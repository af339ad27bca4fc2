import type { AllocRecord } from '../../knowledge/shapes/runtime.ts'
import { nomad } from '../../ask/nomad.ts'
import { fromJson, held, look, probe } from '../probe.ts'
import { allocLine, allocRecord } from './alloc-record.ts'

export const allocation = probe({
  id: 'allocation',
  about: 'alloc',
  title: 'Reading the allocation, its ports and its events',
  provides: ['alloc.record', 'alloc.asked'],
  given: [],
  cost: 'free',
  read: (ask, { names }) => look(ask, nomad.allocation(names.alloc ?? '')),
  parse: (answer) => {
    const found = fromJson('allocation', answer, (json) => {
      const record = allocRecord(json)
      return [record, [allocLine(record), ...eventLines(record)].join('\n')]
    })
    const { at } = answer.reply
    return {
      'alloc.record': found,
      'alloc.asked': found.known ? held('allocation', answer, Date.parse(at) * 1e6, `asked ${at}`) : found,
    }
  },
})

/** The newest events of each task. */
const eventLines = ({ tasks }: AllocRecord): readonly string[] =>
  tasks.flatMap(({ name, state, events }) => [
    `task ${name}: ${state}`,
    ...events.slice(-4).map((event) => `  ${event.type}: ${event.text}`),
  ])
