/** The bridge that a client's configuration asks for. Source: client/config/config.go, client/allocrunner/networking_bridge_linux.go. */
import type { Link } from '../knowledge/shapes/packet.ts'
import type { BridgePlan } from '../knowledge/shapes/crossing.ts'
import { clientOf, told } from '../knowledge/clients.ts'
import { networkOf, overlap, parseAddress, parseNetwork } from '../packet/ipaddr.ts'
import { derivation, made, notKnown, type AnyDerivation } from './derivation.ts'

const standard = { name: 'nomad', subnet: '172.26.64.0/20' }
const docker0 = '172.17.0.0/16'

type Json = Readonly<Record<string, unknown>>
const networksOf = (client: Json): readonly { name: string; cidr: string }[] =>
  (Array.isArray(client['HostNetworks']) ? (client['HostNetworks'] as readonly Json[]) : []).flatMap((one) =>
    told(one, 'CIDR')
      .split(',')
      .filter((cidr) => parseNetwork(cidr.trim()) !== undefined)
      .map((cidr) => ({ name: told(one, 'Name'), cidr: cidr.trim() })),
  )

function proper(subnet: string): { readonly proper?: string } {
  const network = networkOf(subnet)
  return network === undefined ? {} : { proper: network }
}

type Wrong = BridgePlan['wrong']

/** Interface names have at most 15 characters. */
function wrongName(name: string): Wrong {
  if (name.length <= 15 && !/[\s/:]/.test(name)) return []
  const shorter = name.replaceAll(/[\s/:]/g, '-').slice(0, 15)
  return [
    {
      attribute: 'bridge_network_name',
      why: `${name} is no name of an interface: at most 15 characters`,
      proper: shorter.replace(/[-_.]+$/, ''),
    },
  ]
}

/** A subnet names its network, not a host in it, with room for addresses. */
function wrongSubnet(subnet: string): Wrong {
  const network = parseNetwork(subnet)
  const attribute = 'bridge_network_subnet'
  if (!network) return [{ attribute, why: `${subnet} is no network` }]
  if (!subnet.includes('/')) return [{ attribute, why: `${subnet} has no prefix, such as /20` }]
  const [address = ''] = subnet.split('/')
  if (parseAddress(address)?.value !== network.base)
    return [{ attribute, why: `${subnet} has host bits set`, ...proper(subnet) }]
  return network.prefix > 30 ? [{ attribute, why: `${subnet} has no room for an allocation` }] : []
}

const networksAt = ({ addresses }: Link): readonly string[] =>
  addresses.flatMap(({ address, prefix, family }) => (family === 4 ? [`${address}/${prefix}`] : []))

const setting = (name: string, written: string, otherwise: string): string =>
  written === '' ? `${name} is not set, so it is ${otherwise}` : `${name} = ${written}`

export const bridgePlans: readonly AnyDerivation[] = [
  derivation({
    provides: 'node.bridge.plan',
    about: 'node',
    from: ['node.agent'],
    make: ({ 'node.agent': agent }) => {
      const client = clientOf(agent)
      const name = told(client, 'BridgeNetworkName') || standard.name
      const subnet = told(client, 'BridgeNetworkSubnet') || standard.subnet
      const bad = wrongSubnet(subnet)
      const around = bad.length > 0 ? undefined : networksOf(client).find(({ cidr }) => overlap(cidr, subnet))
      const docker = bad.length === 0 && overlap(subnet, docker0)
      return made(
        { name, subnet, wrong: [...wrongName(name), ...bad], around: around ?? null, docker },
        `client ${setting('bridge_network_name', told(client, 'BridgeNetworkName'), standard.name)}, ${setting('bridge_network_subnet', told(client, 'BridgeNetworkSubnet'), standard.subnet)}`,
      )
    },
  }),
  derivation({
    provides: 'node.docker.overlap',
    about: 'node',
    from: ['node.bridge.plan'],
    maybe: ['node.docker.networks', 'node.links'],
    waits: ['node.docker.networks'],
    shows: ['node.docker.networks', 'node.links'],
    make: (
      { 'node.bridge.plan': { name, subnet, wrong: bad } },
      { 'node.docker.networks': networks, 'node.links': links },
      _,
      { 'node.docker.networks': missed },
    ) => {
      if (bad.some(({ attribute }) => attribute === 'bridge_network_subnet')) return null
      if (networks) {
        const all = networks.flatMap((one) => one.subnets.map((own) => ({ network: one.name, subnet: own })))
        return all.find((one) => parseNetwork(one.subnet) && overlap(one.subnet, subnet)) ?? null
      }
      // A bridge of docker has an address of its network, whether or not docker runs.
      const others = links?.filter((link) => link.name !== name).flatMap((link) => networksAt(link))
      return others?.some((one) => overlap(one, subnet)) === false
        ? made(null, `no other interface of the client has an address of ${subnet}`, 'node.links')
        : notKnown(missed?.detail ?? "docker's networks are not known", missed?.why)
    },
  }),
]
