import { fault } from '../../fault.ts'
import { nodeDocument } from '../../samples.ts'
import type { NodeDocument } from '../../shapes/runtime.ts'

/** Linux containers on a client that is no Linux live in a virtual machine. */
const indirect = ({ attributes }: NodeDocument): boolean =>
  attributes['kernel.name'] === 'darwin' ||
  (attributes['kernel.name'] === 'windows' && attributes['driver.docker.os_type'] === 'linux')

const client = (kernel: string, os: string): NodeDocument =>
  nodeDocument({ attributes: { 'kernel.name': kernel, 'driver.docker': '1', 'driver.docker.os_type': os } })

export const dockerDesktopIndirection = fault({
  id: 'docker-desktop-indirection',
  about: 'node',
  title: "Docker runs in a virtual machine here, so containers do not share the client's network",
  layer: 'node',
  severity: 'risks',
  heard: [
    'Constraint "missing network": <n> nodes excluded by filter',
    'dial tcp 127.0.0.1:<port>: connect: connection refused',
  ],
  needs: ['node.document'],
  holds: ({ 'node.document': node }) =>
    node.attributes['driver.docker'] !== undefined && indirect(node)
      ? `${node.name} is a ${node.attributes['kernel.name'] ?? ''} client whose docker runs Linux containers in a virtual machine: bridge mode is not there, and network_mode = "host" means that machine`
      : false,
  intended: 'where only the machine itself calls',
  byHand: 'docker info: OperatingSystem is Docker Desktop; nomad node status -verbose: kernel.name is not linux.',
  explains: [],
  because:
    "Docker Desktop keeps its containers in a Linux machine of its own and forwards published ports to the computer's loopback or chosen address. Nomad's bridge needs a Linux client, so such groups are not placed. Host mode in docker is the host of the virtual machine, the addresses of containers exist inside it alone, and ports published on an address the computer does not have fail.",
  fix: () => [
    {
      do: 'For bridge mode and the service mesh, run the Nomad client in a Linux virtual machine',
      on: 'client',
      risk: 'none',
    },
    {
      do: 'For simple docker jobs, let the agent use a real interface (-bind and -network-interface) and list the ports in config.ports',
      on: 'client configuration',
      risk: 'The ports become reachable from the network',
    },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/faq', 'https://github.com/hashicorp/nomad/issues/8684'],
  since: '0.1.0',
  examples: [
    { name: 'a Mac', given: { 'node.document': client('darwin', 'linux') }, then: 'present' },
    { name: 'Linux containers on Windows', given: { 'node.document': client('windows', 'linux') }, then: 'present' },
    { name: 'Windows containers', given: { 'node.document': client('windows', 'windows') }, then: 'absent' },
    { name: 'Linux', given: { 'node.document': client('linux', 'linux') }, then: 'absent' },
  ],
})
