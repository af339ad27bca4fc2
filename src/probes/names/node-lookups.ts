import { look, probe, type Answer } from '../probe.ts'
import { all, fromGetent } from './lookup.ts'

interface Tried {
  readonly name: string
  readonly answer: Answer
}

/** Only names that fail in the task: the client tells whether they exist at all. */
export const nodeLookups = probe({
  id: 'node-lookups',
  about: 'path',
  title: "Looking the failing names up on the source's client",
  provides: ['path.lookups.node'],
  given: ['path.lookups.task', 'source.alloc.record'],
  cost: 'slow',
  read: (ask, _, { 'path.lookups.task': lookups, 'source.alloc.record': { node } }) =>
    Promise.all(
      lookups
        .filter(({ outcome }) => outcome !== 'found')
        .map(async ({ name }): Promise<Tried> => ({
          name,
          answer: await look(ask, { via: 'node', node, argv: ['getent', 'hosts', name] }),
        })),
    ),
  parse: (tried: readonly Tried[]) => ({
    'path.lookups.node': all(
      'node-lookups',
      tried.map(({ name, answer }) => ({ answer, value: fromGetent(name, answer) })),
      'every name resolves in the task',
    ),
  }),
})
