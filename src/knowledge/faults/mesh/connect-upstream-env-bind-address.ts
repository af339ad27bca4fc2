import { edits, unset } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { applications } from '../../mesh.ts'
import { group, meshed, task } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import { placedTexts } from '../../templates.ts'

/** Source: client/taskenv/env.go, addUpstreams: the address in the variables is written into the code. */
function misled(spec: GroupSpec) {
  for (const { connect } of spec.services)
    for (const upstream of connect?.sidecar?.upstreams ?? []) {
      const { destination, localBindAddress: address } = upstream
      if (address === undefined || ['127.0.0.1', '0.0.0.0', 'localhost'].includes(address)) continue
      const name = new RegExp(`\\bNOMAD_UPSTREAM_(?:ADDR|IP)_${destination.replace(/[^A-Za-z0-9_]/g, '[-_.]')}\\b`)
      for (const { at, task: own } of applications(spec).flatMap((one) =>
        placedTexts(one)
          .filter(({ text }) => name.test(text))
          .map((text) => ({ at: text.at, task: one.name })),
      ))
        return { destination, address, task: own, at, upstream }
    }
  return undefined
}

const calls = (address: string, config: string) =>
  group({
    services: [
      meshed({}, { upstreams: [{ destination: 'rates-db', localBindPort: 5432, localBindAddress: address }] }),
    ],
    tasks: [task({ config: { args: [config] } })],
  })

export const connectUpstreamEnvBindAddress = fault({
  id: 'connect-upstream-env-bind-address',
  about: 'group',
  title: 'The variables of an upstream say 127.0.0.1, but the upstream listens on another address',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'dial tcp 127.0.0.1:<local_bind_port>: connect: connection refused',
    'NOMAD_UPSTREAM_ADDR_<destination>=127.0.0.1:<port>',
  ],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = misled(spec)
    return found
      ? {
          says: `Task ${found.task} dials NOMAD_UPSTREAM_ADDR_${found.destination.replace(/\W/g, '_')}, which is always 127.0.0.1, but upstream ${found.destination} has local_bind_address = "${found.address}"`,
          at: found.at,
        }
      : false
  },
  byHand:
    'env in the task shows 127.0.0.1 in NOMAD_UPSTREAM_ADDR_<destination>; ss -lnt in the namespace shows the listener on another address.',
  explains: [],
  because:
    'For each upstream Nomad sets NOMAD_UPSTREAM_ADDR_, _IP_ and _PORT_ in the tasks of the group. The port is the one of the job, but the address is always 127.0.0.1, whatever local_bind_address says. A task that uses them dials an address of loopback on which the sidecar does not listen.',
  fix: ({ 'group.spec': spec }) => {
    const found = misled(spec)
    return [
      {
        do: `Take local_bind_address out of upstream ${found?.destination ?? ''}`,
        on: 'job file',
        risk: 'Whoever dials the other address must be changed with it',
        ...edits(found && [unset(found.upstream, 'local_bind_address')], 'the upstream is not written out'),
      },
      {
        do: `Or have task ${misled(spec)?.task ?? ''} dial ${misled(spec)?.address ?? ''} with NOMAD_UPSTREAM_PORT_${misled(spec)?.destination.replace(/\W/g, '_') ?? ''}`,
        on: 'job file',
        risk: 'none',
      },
    ]
  },
  references: ['https://developer.hashicorp.com/nomad/docs/job-specification/upstreams', 'client/taskenv/env.go'],
  since: '0.1.0',
  examples: [
    {
      name: 'the variable is used with another bind address',
      given: { 'group.spec': calls('127.0.0.3', '--db=${NOMAD_UPSTREAM_ADDR_rates_db}') },
      then: 'present',
    },
    {
      name: 'only the port is taken from the variables',
      given: { 'group.spec': calls('127.0.0.3', '--db=127.0.0.3:${NOMAD_UPSTREAM_PORT_rates_db}') },
      then: 'absent',
    },
    {
      name: 'all addresses',
      given: { 'group.spec': calls('0.0.0.0', '--db=${NOMAD_UPSTREAM_ADDR_rates_db}') },
      then: 'absent',
    },
  ],
})
