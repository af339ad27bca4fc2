import { fact } from '../fact.ts'
import type { GroupSpec } from '../shapes/job.ts'
import type { Namespace } from '../shapes/port.ts'
import type { Called, DeclaredPort, LoopbackService, Said } from '../shapes/said.ts'
import type { AllocRecord, NodeOffer, PlacementFailure } from '../shapes/runtime.ts'

/** `other`: a mode Nomad does not know (misspelt, or in another case). */
export type NetworkMode = 'host' | 'bridge' | 'cni' | 'none' | 'other'

export const groupFacts = {
  'group.spec': fact<GroupSpec>('The group as the job has it.'),
  'group.network.mode': fact<NetworkMode>('Network mode of the group, in one word.'),
  'group.network.mode-text': fact<string>('Network mode as written; host when nothing is written.'),
  'group.current': fact<readonly AllocRecord[]>('The newest allocation of each name that the job still wants.'),
  'group.placement': fact<'placed' | 'partly' | 'not-placed'>('Whether the wanted number of allocations has a client.'),
  'group.dynamic-ranges': fact<
    readonly { readonly min: number; readonly max: number; readonly clients: readonly string[] }[]
  >("Ranges from which its clients give dynamic ports; Nomad's own default, without a client, where none is known."),
  'group.client-versions': fact<readonly string[]>('Nomad versions of its clients; empty where no client is known.'),
  'group.candidates': fact<readonly NodeOffer[]>(
    'Clients the job may use, as far as datacenter, pool and node constraints tell.',
  ),
  'group.missing.mode': fact<boolean>(
    "Whether clients were left out because they do not offer the group's network mode.",
  ),
  'group.missing.network': fact<boolean>('The same, where it is not the bridge that a Linux client makes by itself.'),
  'group.missing.consul': fact<boolean>('Whether clients were left out because they have no Consul, or too old a one.'),
  'group.missing.host-networks': fact<readonly { readonly network: string; readonly label: string }[]>(
    'Host networks of its ports for which clients were left out.',
  ),
  'group.refusals': fact<PlacementFailure | null>(
    'Why the newest evaluation could not place the rest of the group; null when all is placed, or nothing was asked for.',
  ),
  'group.mesh': fact<'none' | 'sidecar' | 'transparent-proxy' | 'gateway' | 'native'>(
    'How it takes part in the service mesh.',
  ),
  'group.envoy-image': fact<'none' | 'chosen' | 'pinned'>(
    'Whether the image of its Envoy is the one that Nomad chooses, or one that the job names; none without a sidecar task.',
  ),
  'group.consul.wanted': fact<boolean>('Whether one of its services is registered in Consul.'),
  'group.consul.registered': fact<'none-wanted' | 'none-running' | 'all' | 'missing'>(
    'Whether Consul has its services for each of its running allocations.',
  ),
  'group.consul.unregistered': fact<
    readonly { readonly service: string; readonly alloc: string; readonly node: string; readonly nodeName: string }[]
  >('Its services that Consul does not have for a running allocation.'),
  'group.task-namespaces': fact<Readonly<Record<string, Namespace>>>('Where the sockets of each of its tasks are.'),
  'group.listens': fact<readonly Said[]>(
    'Where its tasks say they listen, in their arguments, environment and templates.',
  ),
  'group.calls': fact<readonly Called[]>('Places with a port that its tasks say they call.'),
  'group.ports': fact<readonly DeclaredPort[]>(
    'Its ports as they are declared: who would carry each one, and where its process has to listen.',
  ),
  'group.loopback-service': fact<LoopbackService | null>(
    'A service of it that is registered with a loopback address: its own, or that of its port where every client offers loopback.',
  ),
}
