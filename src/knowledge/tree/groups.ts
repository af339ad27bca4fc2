/** Question 2: same group or cross group? */
import type { FaultId } from '../faults/index.ts'
import { nativeOrConsul } from './discovery.ts'
import { askFact, type Question } from './question.ts'

/** Two tasks of one allocation. */
export const sameGroupLadder: readonly FaultId[] = [
  'same-group-not-shared-netns',
  'sibling-name-does-not-resolve',
  'legacy-task-variables',
  'network-variable-unset',
  'own-group-via-host-address',
]

/** Another allocation, on the same client or another one. */
export const crossGroupLadder: readonly FaultId[] = [
  'ingress-backend-unreachable',
  'container-loopback-is-not-host',
  'cross-group-localhost',
  'cross-group-env-variable',
  'colocation-assumption',
  'hardcoded-dynamic-port',
  'dialled-port-astray',
]

/** What lies between two clients. */
export const betweenClientsLadder: readonly FaultId[] = ['pmtu-blackhole']

export const sameOrCross: Question<FaultId> = askFact<
  FaultId,
  'same-task' | 'same-alloc' | 'same-client' | 'other-client' | 'outside',
  'path.place'
>({
  id: 'place',
  ask: 'Same group or cross group: where is the source, seen from the target?',
  why: 'Tasks of one allocation may share a network namespace; everybody else needs an address and a port.',
  reads: 'path.place',
  answer: (place) => place,
  unsure: 'other-client',
  answers: {
    'same-task': { label: 'the same task', then: [...sameGroupLadder, nativeOrConsul] },
    'same-alloc': { label: 'another task of the same allocation', then: [...sameGroupLadder, nativeOrConsul] },
    'same-client': {
      label: 'on the same client, not in the same allocation',
      then: [...crossGroupLadder, nativeOrConsul],
    },
    'other-client': {
      label: 'on another client',
      then: [...crossGroupLadder, ...betweenClientsLadder, nativeOrConsul],
    },
    outside: { label: 'outside the cluster', then: [...crossGroupLadder, nativeOrConsul] },
  },
})
