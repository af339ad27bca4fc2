/** Probes over the Consul HTTP API. */
import type { AnyProbe } from '../probe.ts'
import { consulAgent } from './consul-agent.ts'
import { consulCatalogue } from './consul-catalogue.ts'
import { consulIntentions } from './consul-intentions.ts'
import { consulPresence } from './consul-presence.ts'
import { nodeConsulServices } from './node-consul-services.ts'
import { serviceHealth } from './service-health.ts'

export const consulProbes: readonly AnyProbe[] = [
  consulAgent,
  consulCatalogue,
  consulIntentions,
  consulPresence,
  nodeConsulServices,
  serviceHealth,
]
