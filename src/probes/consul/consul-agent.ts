import { consul } from '../../ask/consul.ts'
import type { ConsulSettings } from '../../knowledge/shapes/runtime.ts'
import { map, numberOr, object, text, textOr, texts } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'

export const consulAgent = probe({
  id: 'consul-agent',
  about: 'cluster',
  title: 'Asking the Consul agent for its version and settings',
  provides: ['cluster.consul.version', 'cluster.consul.settings'],
  given: [],
  cost: 'free',
  read: (ask) => look(ask, consul.agent()),
  parse: (answer) => ({
    'cluster.consul.version': fromJson('consul-agent', answer, (json) => {
      const version = text(object(object(json)['Config'], 'Config')['Version'], 'Version')
      return [version, `Version ${version}`]
    }),
    'cluster.consul.settings': fromJson('consul-agent', answer, (json) => {
      const found = settings(json)
      const { acls, defaultPolicy, grpcPort, grpcTlsPort, dnsPort, recursors, envoy } = found
      return [
        found,
        `ACLs ${acls ? `on, default policy ${defaultPolicy}` : 'off'}; ports grpc ${grpcPort}, grpc_tls ${grpcTlsPort}, dns ${dnsPort}; recursors ${recursors.join(', ') || 'none'}; Envoy ${envoy.join(', ') || 'not told'}`,
      ]
    }),
  }),
})

/** Source: consul agent/agent_endpoint.go, `Self`; DebugConfig is the sanitized runtime configuration. */
function settings(json: unknown): ConsulSettings {
  const self = object(json)
  const config = object(self['Config'], 'Config')
  const debug = map(self['DebugConfig'], 'DebugConfig')
  const acls = debug['ACLsEnabled'] === true
  const resolver = map(debug['ACLResolverSettings'], 'ACLResolverSettings')
  const policy = textOr(resolver['ACLDefaultPolicy'], textOr(debug['ACLDefaultPolicy'], ''))
  const proxies = map(map(self['xDS'], 'xDS')['SupportedProxies'], 'SupportedProxies')
  return {
    version: text(config['Version'], 'Version'),
    datacenter: textOr(config['Datacenter'], ''),
    acls,
    defaultPolicy: acls ? policy : 'allow',
    grpcPort: numberOr(debug['GRPCPort'], -1),
    grpcTlsPort: numberOr(debug['GRPCTLSPort'], -1),
    dnsPort: numberOr(debug['DNSPort'], -1),
    recursors: texts(debug['DNSRecursors'], 'DNSRecursors'),
    envoy: texts(proxies['envoy'], 'envoy'),
  }
}
