/** Whether Consul has what the job registers there. */
import { allocOf, interpolated, servicesOf } from '../../knowledge/discovery.ts'
import type { ConsulInstance } from '../../knowledge/shapes/runtime.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'

export const registeredDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'group.consul.unregistered',
    about: 'group',
    from: ['group.spec', 'group.current'],
    maybe: ['every.service.consul'],
    shows: 'every.service.consul',
    make: ({ 'group.spec': group, 'group.current': records }, { 'every.service.consul': members }) => {
      const wanted = servicesOf(group).filter(({ provider, name }) => provider === 'consul' && !interpolated(name))
      const running = records.filter(({ clientStatus }) => clientStatus === 'running')
      if (wanted.length === 0) return made([], 'the group registers no service in Consul')
      if (running.length === 0) return made([], 'no allocation of the group runs')
      if (!members) return notKnown('the instances in Consul are not known')
      const has = (name: string, alloc: string): boolean =>
        (members.find(({ id }) => id.endsWith(`:${name}`))?.value ?? ([] as readonly ConsulInstance[])).some(
          (one) => allocOf(one) === alloc,
        )
      const found = wanted.flatMap(({ name, task }) =>
        running
          .filter(({ tasks }) =>
            tasks.every((one) => (task !== undefined && one.name !== task) || one.state === 'running'),
          )
          .filter(({ id }) => !has(name, id))
          .map(({ id, node, nodeName }) => ({ service: name, alloc: id, node, nodeName })),
      )
      return made(
        found,
        found
          .map(({ service, alloc, nodeName }) => `${service}: no instance of ${alloc.slice(0, 8)} on ${nodeName}`)
          .join('\n') || 'Consul has an instance for every running allocation',
      )
    },
  }),
  derivation({
    provides: 'group.consul.registered',
    about: 'group',
    from: ['group.spec', 'group.current', 'group.consul.unregistered'],
    shows: 'group.consul.unregistered',
    make: ({ 'group.spec': group, 'group.current': records, 'group.consul.unregistered': missing }) => {
      if (!servicesOf(group).some(({ provider }) => provider === 'consul')) return 'none-wanted'
      if (!records.some(({ clientStatus }) => clientStatus === 'running')) return 'none-running'
      return missing.length > 0 ? 'missing' : 'all'
    },
  }),
  derivation({
    provides: 'path.l7-intention',
    about: 'path',
    from: ['path.mesh', 'source.group.spec', 'target.group.spec'],
    maybe: ['cluster.consul.intentions'],
    make: (
      { 'path.mesh': mesh, 'source.group.spec': source, 'target.group.spec': target },
      { 'cluster.consul.intentions': intentions },
    ) => {
      if (mesh === 'none' || mesh === 'no-upstream') return made('none', 'the call does not go through the mesh')
      if (!intentions) return notKnown('the intentions are not known')
      const fits = (name: string, group: typeof source) =>
        name === '*' || group.services.some((one) => one.name === name)
      const found = intentions.find(
        (one) => one.action === 'l7' && fits(one.source, source) && fits(one.destination, target),
      )
      return found
        ? made('some', `${found.source} => ${found.destination}: permissions`)
        : made('none', 'no intention between them has permissions')
    },
  }),
]
