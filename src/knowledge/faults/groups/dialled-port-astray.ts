import { fault } from '../../fault.ts'
import { dialledBy } from '../../origin-of.ts'
import type { DeadDial } from '../../shapes/walk.ts'
import { staticPort } from '../../port-ranges.ts'

const dead = (but: Partial<DeadDial> = {}): DeadDial => ({
  place: 'client c2',
  host: '10.0.0.12',
  port: 25000,
  from: 'template local/loop.sh of task call',
  label: 'web',
  now: { hostIp: '10.0.0.12', hostPort: 21884 },
  ...but,
})
const given = { 'path.discovery': 'fixed-address', 'path.dead-dial': dead() } as const

export const dialledPortAstray = fault({
  id: 'dialled-port-astray',
  about: 'path',
  title: 'The caller calls a port that the target does not have',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'dial tcp <address>:<port>: connect: connection refused',
    'curl: (7) Failed to connect to <address> port <port>: Connection refused',
  ],
  onlyWhen: { 'path.discovery': ['fixed-address'] },
  needs: ['path.dead-dial'],
  holds: ({ 'path.dead-dial': found }) =>
    found?.beside
      ? {
          says: `${dialledBy(found)} ${found.host}:${found.port}, where nothing listens on ${found.place}; what it has besides, ${found.now.hostIp}:${found.now.hostPort}, is ${found.label === null ? 'the target' : `port ${found.label} of the target`}`,
          severity: 'degrades',
        }
      : found
        ? `${dialledBy(found)} ${found.host}:${found.port}, where ${found.taker ?? 'nothing'} listens${found.taker === undefined ? ` on ${found.place}` : ''}; ${found.label === null ? 'the target' : `port ${found.label} of the target`} is at ${found.now.hostIp}:${found.now.hostPort}`
        : false,
  byHand:
    'Compare what the caller dials (its environment, arguments and rendered files) with nomad alloc status of the target, under Allocation Addresses. On the client, ss -ltn shows nothing on the dialled port, and iptables-save has no rule for it.',
  explains: [],
  because:
    'Nomad chooses a host port for each new allocation, unless the port block says static. A number that was written down once is right until the target is placed anew, and the servers forget ended allocations after some hours, so that nothing tells any more whose it was. Where nobody has that port the client refuses at once; where another workload has it, that one answers, which is worse.',
  fix: ({ 'path.dead-dial': found }) => [
    ...(found?.beside
      ? [
          {
            do: `Correct ${found.host}:${found.port} where the caller has it (${found.from}), or take it out`,
            on: 'job file of the caller' as const,
            risk: 'The allocation of the caller is replaced',
          },
        ]
      : []),
    {
      do: 'Let the caller find the target by its service (a nomadService or service template), which follows every new port',
      on: 'job file of the caller',
      risk: 'The allocation of the caller is replaced',
    },
    ...(found?.taker === undefined && !found?.beside
      ? [
          {
            do: `Where the caller needs a fixed number, set ${staticPort(found?.port, `port "${found?.label ?? '<label>'}" of the target`)}`,
            on: 'job file' as const,
            risk: 'The allocation is replaced; one allocation per client at most',
          },
        ]
      : []),
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#dynamic-ports',
    'https://developer.hashicorp.com/nomad/docs/networking/service-discovery',
  ],
  since: '0.1.0',
  examples: [
    { name: 'a number that nobody has any more', given, then: 'present' },
    {
      name: 'a dead one beside the right one',
      given: { ...given, 'path.dead-dial': dead({ beside: true }) },
      then: 'present',
    },
    {
      name: 'the person says what is dialled',
      given: { ...given, 'path.dead-dial': dead({ from: 'case' }) },
      then: 'present',
    },
    {
      name: 'what the person says is dialled leads to somebody else',
      given: { ...given, 'path.dead-dial': dead({ from: 'case', taker: 'busybox of client c2' }) },
      then: 'present',
    },
    { name: 'what it dials leads somewhere', given: { ...given, 'path.dead-dial': null }, then: 'absent' },
    { name: 'the caller asks a catalogue', given: { ...given, 'path.discovery': 'nomad-template' }, then: 'absent' },
  ],
})
