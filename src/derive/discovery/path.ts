/** What the source asks for, and what the catalogues have under it. */
import type { Ask, Asked } from '../../knowledge/shapes/discovery.ts'
import type { GroupSpec } from '../../knowledge/shapes/job.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { asksOf, namesAddress } from './asks.ts'
import { parseResolver } from './resolver.ts'

const spelt = ({ via, name, tag, port, where }: Ask): string =>
  `${where}: ${via} "${tag === undefined ? '' : `${tag}.`}${name}"${port === undefined ? '' : ` port ${port}`}`

const servicesOf = (group: GroupSpec) => [...group.services, ...group.tasks.flatMap((task) => task.services)]

/** The host name behind a Consul DNS ask. */
export const consulHost = ({ name, tag, datacenter }: Ask): string =>
  [
    ...(tag === undefined ? [] : [tag]),
    name,
    'service',
    ...(datacenter === undefined ? [] : [datacenter]),
    'consul',
  ].join('.')

const isHostName = (text: string): boolean => /^(?=.*[a-z])[a-z0-9_-]+(\.[a-z0-9_-]+)+\.?$/i.test(text)

export const askDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'path.asks',
    about: 'path',
    from: ['source.task.spec', 'source.group.spec'],
    make: ({ 'source.task.spec': task, 'source.group.spec': group }) => {
      const fromFile = task.templates.find(({ data, source }) => data === '' && source !== '')
      if (fromFile) return notKnown(`template ${fromFile.destination} is read from the file ${fromFile.source}`)
      const asks = asksOf(task, group)
      return made(asks, asks.map(spelt).join('\n') || `task ${task.name} asks for no name`)
    },
  }),
  derivation({
    provides: 'path.mesh',
    about: 'path',
    from: ['path.asks', 'source.group.spec', 'target.group.spec'],
    shows: 'source.group.spec',
    make: ({ 'path.asks': asks, 'source.group.spec': source, 'target.group.spec': target }) => {
      const meshed = servicesOf(target).filter(({ connect }) => connect?.sidecar !== undefined || connect?.native)
      if (meshed.length === 0) return made('none', `group ${target.name} has no service in the mesh`)
      const upstream = asks.find(({ via, name }) => via === 'upstream' && meshed.some((one) => one.name === name))
      if (upstream)
        return made('upstream', `${upstream.where}: upstream ${upstream.name} on local port ${upstream.port}`)
      const own = source.services.find(({ connect }) => connect?.sidecar?.transparentProxy || connect?.native)
      if (own?.connect?.native) return made('native', `service ${own.name} speaks to the mesh itself`)
      if (own) return made('transparent-proxy', `service ${own.name} has a transparent proxy`)
      const sidecar = source.services.find(({ connect }) => connect?.sidecar !== undefined)
      return sidecar
        ? made(
            'no-upstream',
            `service ${sidecar.name} has no upstream for ${meshed.map(({ name }) => name).join(', ')}`,
          )
        : made('none', `group ${source.name} has no sidecar`)
    },
  }),
  derivation({
    provides: 'path.asked.nomad',
    about: 'path',
    from: ['path.asks', 'source.job.spec'],
    maybe: ['cluster.services'],
    shows: 'cluster.services',
    make: ({ 'path.asks': asks, 'source.job.spec': { namespace } }, { 'cluster.services': listed }) => {
      const native = asks.filter(({ via }) => via === 'nomad-template')
      if (native.length === 0) return made([], 'the source asks the native catalogue for no name')
      if (!listed) return notKnown('the native services are not known')
      const asked = native.map((ask): Asked => {
        const spaces = listed.filter(({ name }) => name === ask.name).map((one) => one.namespace)
        return { ask, here: spaces.includes(namespace), elsewhere: spaces.filter((one) => one !== namespace) }
      })
      const lines = asked.map(
        ({ ask, here, elsewhere }) =>
          `${ask.name} in namespace ${namespace}: ${here ? 'registered' : 'no row'}${elsewhere.length > 0 ? `; in ${elsewhere.join(', ')}` : ''}`,
      )
      return made(asked, lines.join('\n'))
    },
  }),
  derivation({
    provides: 'path.asked.consul',
    about: 'path',
    from: ['path.asks'],
    maybe: ['cluster.consul.services', 'source.node.consul.fingerprinted', 'target.group.spec'],
    shows: ['cluster.consul.services', 'source.node.consul.fingerprinted'],
    make: (
      { 'path.asks': asks },
      { 'cluster.consul.services': listed, 'source.node.consul.fingerprinted': beside, 'target.group.spec': target },
    ) => {
      const consul = asks.filter(({ via }) => ['consul-template', 'consul-dns', 'upstream'].includes(via))
      if (consul.length === 0) return made([], 'the source asks Consul for no name')
      const native = target ? servicesOf(target).filter(({ provider }) => provider === 'nomad') : []
      const nobody = ({ via, name }: Ask): boolean =>
        beside === false && via === 'consul-template' && native.some((own) => own.name === name)
      // A template is answered by the agent beside it. Without one, a name that is native is in no catalogue it could ask.
      if (!listed && !consul.every(nobody)) return notKnown("Consul's services are not known")
      const asked = consul.map((ask): Asked => ({
        ask,
        here: !nobody(ask) && listed?.includes(ask.name) === true,
        elsewhere: [],
      }))
      return made(
        asked,
        asked
          .map(({ ask, here }) =>
            nobody(ask)
              ? `${ask.name}: the client of the source has no Consul to ask`
              : `${ask.name}: ${here ? 'in the Consul catalogue' : 'not in the Consul catalogue'}`,
          )
          .join('\n'),
      )
    },
  }),
  derivation({
    provides: 'path.asked.rows',
    about: 'path',
    from: ['path.asks', 'target.group.spec'],
    maybe: ['every.service.rows'],
    shows: 'every.service.rows',
    make: ({ 'path.asks': asks, 'target.group.spec': group }, { 'every.service.rows': rows }) => {
      const names = servicesOf(group).map(({ name }) => name)
      const meant = asks.filter(({ via, name }) => via === 'nomad-template' && names.includes(name))
      if (meant.length === 0) return made([], 'the source asks the native catalogue for no service of the target')
      if (!rows) return notKnown("the rows of the target's services are not known")
      const found = meant.map((ask) => ({ ask, rows: rows.find(({ id }) => id.endsWith(`:${ask.name}`))?.value ?? [] }))
      return made(
        found,
        found
          .map(
            ({ ask, rows: own }) =>
              `${ask.name}: ${own.map(({ address, port }) => `${address}:${port}`).join(', ') || 'no row'}`,
          )
          .join('\n'),
      )
    },
  }),
  derivation({
    provides: 'path.asked.instances',
    about: 'path',
    from: ['path.asks', 'target.group.spec'],
    maybe: ['every.service.consul'],
    shows: 'every.service.consul',
    make: ({ 'path.asks': asks, 'target.group.spec': group }, { 'every.service.consul': members }) => {
      const names = servicesOf(group).map(({ name }) => name)
      const meant = asks.filter(
        ({ via, name }) => ['consul-template', 'consul-dns', 'upstream'].includes(via) && names.includes(name),
      )
      if (meant.length === 0) return made([], 'the source asks Consul for no service of the target')
      if (!members) return notKnown("the Consul instances of the target's services are not known")
      const found = meant.map((ask) => ({
        ask,
        instances: members.find(({ id }) => id.endsWith(`:${ask.name}`))?.value ?? [],
      }))
      const line = ({ address, nodeAddress, port, tags, checks }: (typeof found)[number]['instances'][number]) =>
        `${address || nodeAddress}:${port} tags [${tags.join(', ')}] ${checks.map(({ name, status }) => `${name}: ${status}`).join(', ')}`
      return made(
        found,
        found.map(({ ask, instances }) => `${ask.name}\n${instances.map(line).join('\n') || 'no instance'}`).join('\n'),
      )
    },
  }),
  derivation({
    provides: 'path.names',
    about: 'path',
    from: ['path.asks'],
    make: ({ 'path.asks': asks }, _, { names }) => {
      const asked = asks.flatMap((ask) =>
        ask.via === 'consul-dns' ? [consulHost(ask)] : ask.via === 'dns' ? [ask.name] : [],
      )
      const target = names.address?.replace(/:\d+$/, '') ?? ''
      const all = [...new Set([...(isHostName(target) ? [target] : []), ...asked])].slice(0, 3)
      return made(all, all.join('\n') || 'the source looks up no host name')
    },
  }),
  derivation({
    provides: 'path.names.resolve',
    about: 'path',
    from: ['path.names', 'path.asks', 'source.task.spec'],
    maybe: ['path.lookups.task'],
    shows: 'path.lookups.task',
    make: ({ 'path.names': asked, 'path.asks': asks, 'source.task.spec': task }, { 'path.lookups.task': lookups }) => {
      if (asked.length === 0)
        return asks.length > 0 || namesAddress(task)
          ? made('none-asked', 'the source looks up no host name')
          : made('not-visible', `the texts of task ${task.name} name nobody`)
      if (!lookups) return notKnown('the names were not looked up in the task')
      const lines = lookups.map(
        ({ name, outcome, addresses }) =>
          `${name}: ${outcome}${addresses.length > 0 ? ` ${addresses.join(', ')}` : ''}`,
      )
      return made(lookups.every(({ outcome }) => outcome === 'found') ? 'all' : 'not-all', lines.join('\n'))
    },
  }),
  derivation({
    provides: 'path.resolver',
    about: 'path',
    from: ['source.task.spec', 'source.alloc.resolv-conf'],
    shows: 'source.alloc.resolv-conf',
    make: ({ 'source.task.spec': { name }, 'source.alloc.resolv-conf': files }) => {
      const text = files[name]
      return text === undefined
        ? notKnown(`/etc/resolv.conf of task ${name} was not read`)
        : made(parseResolver(text), text)
    },
  }),
]
