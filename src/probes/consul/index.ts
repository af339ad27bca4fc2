/** Probes over the Consul HTTP API. */
import type { AnyProbe } from '../probe.ts'
import { consulAgent } from './consul-agent.ts'
import { consulCatalogue } from './consul-catalogue.ts'
import { consulDefaultIntention } from './consul-default-intention.ts'
import { consulIntentions } from './consul-intentions.ts'
import { consulPresence } from './consul-presence.ts'
import { consulProtocols } from './consul-protocols.ts'
import { nodeConsulAnswers } from './node-consul-answers.ts'
import { nodeConsulServices } from './node-consul-services.ts'
import { serviceHealth } from './service-health.ts'

export const consulProbes: readonly AnyProbe[] = [
  consulAgent,
  consulCatalogue,
  consulDefaultIntention,
  consulIntentions,
  consulPresence,
  consulProtocols,
  nodeConsulAnswers,
  nodeConsulServices,
  serviceHealth,
]
