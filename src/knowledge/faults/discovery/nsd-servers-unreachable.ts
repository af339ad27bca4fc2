import { fault } from '../../fault.ts'
import type { TemplateTrouble } from '../../shapes/runtime.ts'

const cut = /connection refused|\bEOF\b|no cluster leader|no path to region|i\/o timeout|no servers/i
const trouble = (kind: TemplateTrouble['kind'], text: string): TemplateTrouble => ({
  task: 'server',
  kind,
  on: ['nomad.service(orders)'],
  text,
})

/** Why the client cannot ask: a leader is missing, or it has lost the servers. */
function reason({ kind, text }: TemplateTrouble, leader: string, status: string): string | undefined {
  if (leader === '') return 'the cluster has no leader'
  if (status === 'down' || status === 'disconnected') return `its client is ${status} for the servers`
  return kind === 'failed' && cut.test(text) ? 'the servers did not answer' : undefined
}

export const nsdServersUnreachable = fault({
  id: 'nsd-servers-unreachable',
  about: 'alloc',
  title: 'A template cannot ask for native services, because the client does not reach the servers',
  layer: 'node',
  severity: 'breaks',
  heard: [
    '(view) nomad.service(<name>): Get "http://<address>": EOF',
    'Template failed: nomad.service(<name>): Unexpected response code: 500 (No cluster leader)',
    'Missing: nomad.service(<name>)',
  ],
  onlyWhen: { 'alloc.templates': ['waiting', 'failed'] },
  needs: ['alloc.template-trouble', 'cluster.leader', 'node.status'],
  shows: ['alloc.template-trouble', 'node.status', 'cluster.leader'],
  holds: ({ 'alloc.template-trouble': found, 'cluster.leader': leader, 'node.status': status }) => {
    const one = found.find(({ on }) => on.some((name) => name.startsWith('nomad.service')))
    const why = one && reason(one, leader, status)
    return why === undefined ? false : `Task ${one?.task ?? ''} waits for ${one?.on.join(', ') ?? ''}: ${why}`
  },
  byHand:
    'nomad server members and nomad node status: is there a leader, is the client ready? Its log says "(view) nomad.service(...)" with the error.',
  explains: ['template-missing-dependency', 'template-failed-after-retries'],
  because:
    'nomadService is answered by the servers, through the client of the task. A service without instances is an answer, an empty one; no answer at all means that the client has lost the servers, or that they have no leader. The template then waits, and after some minutes of errors the task is killed, though everything it needs is registered.',
  fix: ({ 'cluster.leader': leader }) => [
    {
      do:
        leader === ''
          ? 'Bring a majority of the servers back, so that they elect a leader'
          : 'Mend the connection of the client to port 4647 of the servers',
      on: 'servers and client',
      run: ['nomad', 'server', 'members'],
      risk: 'none',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#template-parameters',
    'https://github.com/hashicorp/nomad/issues/16983',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'no leader',
      given: {
        'alloc.templates': 'waiting',
        'alloc.template-trouble': [trouble('waiting', 'Missing: nomad.service(orders)')],
        'cluster.leader': '',
        'node.status': 'ready',
      },
      then: 'present',
    },
    {
      name: 'the servers did not answer',
      given: {
        'alloc.templates': 'failed',
        'alloc.template-trouble': [
          trouble('failed', 'Template failed: nomad.service(orders): Get "http://10.0.0.1:4646": EOF'),
        ],
        'cluster.leader': '10.0.0.1:4647',
        'node.status': 'ready',
      },
      then: 'present',
    },
    {
      name: 'leader and client are well',
      given: {
        'alloc.templates': 'waiting',
        'alloc.template-trouble': [trouble('waiting', 'Missing: nomad.service(orders)')],
        'cluster.leader': '10.0.0.1:4647',
        'node.status': 'ready',
      },
      then: 'absent',
    },
    {
      name: 'all templates are rendered',
      given: {
        'alloc.templates': 'rendered',
        'alloc.template-trouble': [],
        'cluster.leader': '',
        'node.status': 'ready',
      },
      then: 'absent',
    },
  ],
})
