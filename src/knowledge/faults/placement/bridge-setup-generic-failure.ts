import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import { isKnownSetup } from '../../setup.ts'
import { placedAnew } from '../../nomad-command.ts'

const hook = /pre-run hook "network" failed: (.*)$/s

/** Further failures that have a page of their own. */
const known =
  /failed to find plugin|no IP addresses available|already exists but was misconfigured|already configured but not found in state|Failed to pull|no such image|failed to set bridge addr|could not set bridge's mac|add IPv6|add IP addr|failed to add IP|is not a valid DNS name|unable to (?:pull|get) image|manifest|unauthorized/i

const why = (failed: string | null): string | undefined => {
  const text = hook.exec(failed ?? '')?.[1]
  return text === undefined || known.test(text) || isKnownSetup(failed ?? '')
    ? undefined
    : text.replace(/\s+/g, ' ').trim()
}

const failedWith = (text: string) => ({
  'alloc.setup-failure': `failed to setup alloc: pre-run hook "network" failed: failed to configure networking for alloc: ${text}`,
  'alloc.record': record('a1', { clientStatus: 'failed' }),
})

export const bridgeSetupGenericFailure = fault({
  id: 'bridge-setup-generic-failure',
  about: 'alloc',
  title: 'The client cannot set up the network of the allocation',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'failed to setup alloc: pre-run hook "network" failed: failed to configure networking for alloc: <error>',
    'failed to Statfs "<path>": no such file or directory',
    'failed to configure network: <error>',
    'failed to initialize table forwarding rules: <error>',
    'cni not initialized: <error>',
    'plugin type="<plugin>" failed (add): <error>',
    'failed to lookup master "<device>": Link not found',
    'plugin type="<plugin>" failed (add): failed to open netns "<path>": failed to Statfs "<path>": no such file or directory',
    'failed to configure network: no interfaces found',
    'no interface with an address',
  ],
  needs: ['alloc.setup-failure', 'alloc.record'],
  shows: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed, 'alloc.record': { nodeName } }) => {
    const text = why(failed)
    return text === undefined ? false : `The network could not be set up on ${nodeName}: ${text.slice(-200)}`
  },
  byHand:
    'nomad alloc status <alloc>: event Setup Failure with pre-run hook "network"; the text of the CNI plugin is at its end.',
  explains: [],
  because:
    'Before any task starts, the client makes a network namespace, writes the forwarding rules of the bridge, and runs the CNI plugins: loopback, bridge, host-local, firewall, portmap. The first that fails ends the allocation after three attempts, with its own words at the end of the event. The cause is on that client: a plugin, its configuration, iptables, or a kernel setting.',
  fix: ({ 'alloc.record': { nodeName, ...alloc } }) => [
    {
      do: 'Read the last part of the text: it names the plugin and what it could not do; set that right on the client',
      on: `client ${nodeName}`,
      risk: 'none',
    },
    placedAnew(alloc),
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
    'client/allocrunner/networking_cni.go',
    'client/allocrunner/networking_bridge_linux.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'iptables cannot be used',
      given: failedWith(
        'failed to initialize table forwarding rules: iptables: Failed to initialize nft: Protocol not supported',
      ),
      then: 'present',
    },
    {
      name: 'nothing was configured',
      given: failedWith('failed to configure network: no interfaces found'),
      then: 'present',
    },
    {
      name: 'a plugin is missing, which has a page of its own',
      given: failedWith(
        'failed to configure network: plugin type="bridge" failed (add): failed to find plugin "host-local" in path [/opt/cni/bin]',
      ),
      then: 'absent',
    },
    { name: 'it runs', given: { 'alloc.setup-failure': null, 'alloc.record': record('a1') }, then: 'absent' },
  ],
})
