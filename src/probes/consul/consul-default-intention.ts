import { consul } from '../../ask/consul.ts'
import { object, textOr } from '../json.ts'
import { fromJson, look, probe, Shape } from '../probe.ts'

/** Source: consul agent/config/builder.go: the default intention policy, else the ACL default; without ACLs all is allowed. */
export const consulDefaultIntention = probe({
  id: 'consul-default-intention',
  about: 'cluster',
  title: 'Asking Consul what it does without an intention',
  provides: ['cluster.consul.default-intention'],
  given: [],
  cost: 'free',
  read: (ask) => look(ask, consul.agent()),
  parse: (answer) => ({
    'cluster.consul.default-intention': fromJson('consul-default-intention', answer, (json) => {
      const debug = object(object(json)['DebugConfig'], 'DebugConfig')
      const own = textOr(debug['DefaultIntentionPolicy'], '')
      const acl = debug['ACLsEnabled'] === true
      const resolver = debug['ACLResolverSettings']
      const settings = typeof resolver === 'object' && resolver !== null ? object(resolver) : {}
      const policy =
        own || (acl ? textOr(settings['ACLDefaultPolicy'], textOr(debug['ACLDefaultPolicy'], '')) : 'allow')
      if (policy !== 'allow' && policy !== 'deny') throw new Shape('the default policy is neither allow nor deny')
      return [policy, `ACLsEnabled ${String(acl)}, default intention policy ${policy}`]
    }),
  }),
})
