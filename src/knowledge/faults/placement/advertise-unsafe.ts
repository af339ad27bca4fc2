import { told, within } from '../../clients.ts'
import { isLoopback } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { quoted } from '../../quoted.ts'

type Json = Readonly<Record<string, unknown>>
const said =
  /Failed to parse (?:HTTP|RPC|Serf) advertise address[^\n]*Defaulting advertise to localhost is unsafe[^\n]*/

/** A protocol whose address is loopback, and that advertises nothing else. Source: command/agent/config.go, `normalizeAdvertise`. */
function unsafe(agent: Json): string | undefined {
  const server = within(agent, 'Server')['Enabled'] === true
  return ['HTTP', 'RPC', ...(server ? ['Serf'] : [])].find((protocol) => {
    const bound = told(within(agent, 'Addresses'), protocol) || told(agent, 'BindAddr')
    return isLoopback(bound) && told(within(agent, 'AdvertiseAddrs'), protocol) === ''
  })
}

export const advertiseUnsafe = fault({
  id: 'advertise-unsafe',
  about: 'node',
  title: 'The agent does not start, because it would advertise a loopback address',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Failed to parse HTTP advertise address (, 127.0.0.1, 4646, false): Defaulting advertise to localhost is unsafe, please set advertise manually',
    'Defaulting advertise to localhost is unsafe, please set advertise manually',
  ],
  onlyWhen: { 'node.up': ['down'] },
  needs: ['node.agent-log'],
  holds: ({ 'node.agent-log': log }) => {
    const [found] = said.exec(log) ?? []
    return found === undefined ? false : `The agent ended with: ${quoted(found, 200)}`
  },
  byHand: 'Start the agent by hand: it prints the line and ends.',
  explains: [],
  because:
    'Servers and other clients reach an agent at the address it advertises. Without an advertise block that is the address it binds. An agent that binds loopback would send everybody to themselves, so outside of -dev mode it refuses to start.',
  fix: () => [
    {
      do: 'Bind an address of the machine (bind_addr), or name one for http, rpc and serf in an advertise block',
      on: 'agent configuration',
      risk: 'The API is reachable from the network: use ACLs and TLS',
    },
    { do: 'Start the agent', on: 'client', run: ['systemctl', 'start', 'nomad'], risk: 'none' },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration#advertise',
    'https://github.com/hashicorp/nomad/issues/10179',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'it binds 127.0.0.1',
      given: {
        'node.up': 'down',
        'node.agent-log':
          '==> Failed to parse HTTP advertise address (, 127.0.0.1, 4646, false): Defaulting advertise to localhost is unsafe, please set advertise manually',
      },
      then: 'present',
    },
    {
      name: 'it is down for another reason',
      given: { 'node.up': 'down', 'node.agent-log': 'client setup failed: No default interface found' },
      then: 'absent',
    },
    {
      name: 'it runs',
      given: {
        'node.up': 'up',
        'node.agent-log': '==> Defaulting advertise to localhost is unsafe, please set advertise manually',
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'node',
    needs: ['node.agent'],
    holds: ({ 'node.agent': agent }) => {
      const found = unsafe(agent)
      if (found === undefined) return false
      const own = told(within(agent, 'Addresses'), found)
      return {
        says: `The agent binds ${own || told(agent, 'BindAddr')} and advertises nothing else for ${found}, so it refuses to start`,
        at: own === '' ? [agent, 'bind_addr'] : [within(agent, 'Addresses'), found.toLowerCase()],
      }
    },
    examples: [
      { name: 'loopback alone', given: { 'node.agent': { BindAddr: '127.0.0.1' } }, then: 'present' },
      {
        name: 'it advertises an address',
        given: { 'node.agent': { BindAddr: '127.0.0.1', AdvertiseAddrs: { HTTP: '10.0.0.1', RPC: '10.0.0.1' } } },
        then: 'absent',
      },
    ],
  },
})
