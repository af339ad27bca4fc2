import { clientOf, told } from '../../clients.ts'
import { each, stepsOf } from '../../each.ts'
import { edits, set } from '../../edit.ts'
import { fault, type Wrong } from '../../fault.ts'

type Agent = Readonly<Record<string, unknown>>

function isCidr(text: string): boolean {
  const [address = '', prefix = '', ...more] = text.split('/')
  if (more.length > 0 || !/^\d{1,3}$/.test(prefix)) return false
  const four = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(address)
  if (four) return Number(prefix) <= 32
  return (
    address.includes(':') &&
    /^[0-9a-f:.]+$/i.test(address) &&
    URL.canParse(`http://[${address}]/`) &&
    Number(prefix) <= 128
  )
}

/** Without the white space that Nomad does not expect; undefined where that is not all. */
function tidy(list: string): string | undefined {
  const parts = list.split(',').map((one) => one.trim())
  return parts.every(isCidr) ? parts.join(',') : undefined
}

/** `some`: other networks of the list are good. */
function wrongsOf(agent: Agent): readonly (Wrong & { readonly some: boolean })[] {
  const found = clientOf(agent)['HostNetworks']
  const networks = Array.isArray(found) ? (found as readonly Agent[]) : []
  return networks.flatMap((network) => {
    const list = told(network, 'CIDR')
    const parts = list === '' ? [] : list.split(',')
    const wrong = parts.filter((one) => !isCidr(one))
    if (wrong.length === 0) return []
    const name = told(network, 'Name')
    const some = wrong.length < parts.length
    const proper = tidy(list)
    return [
      {
        says: `"${wrong.join('", "')}" in the cidr of host_network "${name}" is no network, and the client passes over it${some ? '' : ': it offers no address under that name'}`,
        some,
        at: [network, 'cidr'] as const,
        fix: [
          {
            do: `Write cidr of host_network "${name}" as a network of the client: ${proper ?? '10.0.0.0/24'}`,
            on: 'client configuration',
            risk: 'The client agent has to be restarted',
            ...edits(
              proper === undefined ? undefined : [set(network, 'cidr', proper)],
              'the configuration does not say which network is meant',
              true,
            ),
          },
        ],
      },
    ]
  })
}

const agent = (cidr: string) => ({ Client: { HostNetworks: [{ Name: 'public', CIDR: cidr, Interface: '' }] } })

export const hostNetworkCidrInvalid = fault({
  id: 'host-network-cidr-invalid',
  about: 'node',
  title: 'The cidr of a host network is no network',
  layer: 'node',
  severity: 'breaks',
  // Silent: the client goes on to the next one, and nothing is ever logged.
  heard: [],
  needs: ['node.agent'],
  holds: ({ 'node.agent': config }) => {
    const all = wrongsOf(config)
    const found = each(all)
    return found !== false && all.every(({ some }) => some) ? { ...found, severity: 'degrades' } : found
  },
  byHand:
    'nomad node status -verbose <node> lists no address under the name of the host network; compare its cidr with ip -br addr.',
  explains: ['missing-host-network', 'no-addresses-for-host-network'],
  because:
    'A client gives an address the name of a host network when the address lies in its cidr, a list of networks with commas between them. What cannot be read as a network, such as a prefix above 32, an address without a prefix or white space after a comma, is passed over without a word. Ports that ask for the host network are then not placed on this client.',
  fix: ({ 'node.agent': config }) => stepsOf(wrongsOf(config)),
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#cidr',
    'client/fingerprint/network.go, deriveAddressAliases',
  ],
  versions: { nomad: '>= 0.12.0' },
  since: '0.1.0',
  examples: [
    { name: 'a prefix above 32', given: { 'node.agent': agent('10.0.0.0/33') }, then: 'present' },
    { name: 'white space in the list', given: { 'node.agent': agent('10.0.0.0/8, fd00::/8') }, then: 'present' },
    { name: 'an address alone', given: { 'node.agent': agent('10.0.0.7') }, then: 'present' },
    { name: 'networks', given: { 'node.agent': agent('10.0.0.0/8,fd00::/8') }, then: 'absent' },
    { name: 'an interface alone', given: { 'node.agent': agent('') }, then: 'absent' },
  ],
})
