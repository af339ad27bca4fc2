/** Question 1: host or bridge? */
import type { FaultId } from '../faults/index.ts'
import { bridgeLadder } from './bridge.ts'
import { sameOrCross } from './groups.ts'
import { portsLadder } from './ports.ts'
import { askFact, type Question } from './question.ts'

export const hostOrBridge: Question<FaultId> = askFact<
  FaultId,
  'host' | 'bridge' | 'mixed' | 'cni' | 'none' | 'outside',
  'path.modes'
>({
  id: 'network-mode',
  ask: 'Host or bridge: which network mode do the groups use?',
  why: 'It decides whose network namespace the packet ends in, and who translates the port.',
  reads: 'path.modes',
  answer: (modes) => modes,
  unsure: 'bridge',
  answers: {
    host: { label: 'host', then: [...portsLadder, sameOrCross] },
    bridge: { label: 'bridge', then: [...portsLadder, ...bridgeLadder, sameOrCross] },
    mixed: {
      label: 'one in the host namespace, one in a bridge',
      then: [...portsLadder, ...bridgeLadder, sameOrCross],
    },
    cni: { label: "the operator's own CNI network", then: [...portsLadder, ...bridgeLadder, sameOrCross] },
    none: { label: 'none', then: [sameOrCross] },
    outside: { label: 'the target is no Nomad allocation', then: [...bridgeLadder, sameOrCross] },
  },
})
