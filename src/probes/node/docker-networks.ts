import { linesOf, onNode } from '../command.ts'
import { array, map, object, text, textOr } from '../json.ts'
import { fromJson, fromText, look, probe, type Answer } from '../probe.ts'
import { idsOf } from './docker-ids.ts'

interface Raw {
  readonly list: Answer
  readonly details: Answer | undefined
}

export const dockerNetworks = probe({
  id: 'docker-networks',
  about: 'node',
  title: 'Docker networks of the client',
  provides: ['node.docker.networks'],
  given: [],
  cost: 'free',
  read: async (ask, thing): Promise<Raw> => {
    const list = await look(ask, onNode(thing, 'docker', 'network', 'ls', '--no-trunc', '--format', '{{json .}}'))
    const ids = list.refusal ? undefined : idsOf(list.reply.body)
    return {
      list,
      details:
        ids && ids.length > 0 ? await look(ask, onNode(thing, 'docker', 'network', 'inspect', ...ids)) : undefined,
    }
  },
  parse: ({ list, details }) => ({
    'node.docker.networks': details
      ? fromJson('docker-networks', details, (json) => {
          const networks = array(json).map((one) => networkOf(object(one, 'network')))
          return [
            networks,
            networks.map(({ name, driver, subnets }) => `${name} ${driver} ${subnets.join(' ')}`.trimEnd()).join('\n'),
          ]
        })
      : fromText('docker-networks', list, (body) => {
          idsOf(body, true)
          return [[], linesOf(body).join('\n')]
        }),
  }),
})

function networkOf(network: Readonly<Record<string, unknown>>) {
  const name = text(network['Name'], 'Name')
  const subnets = array(map(network['IPAM'])['Config'], 'Config').map((one) =>
    textOr(object(one, 'Config')['Subnet'], ''),
  )
  const id = textOr(network['Id'], '')
  const driver = textOr(network['Driver'], '')
  // Docker names the device of a bridge after the network's id where no option says otherwise.
  const bridge = textOr(
    map(network['Options'])['com.docker.network.bridge.name'],
    driver === 'bridge' ? `br-${id.slice(0, 12)}` : '',
  )
  return { name, driver, subnets: subnets.filter((subnet) => subnet !== ''), bridge }
}
