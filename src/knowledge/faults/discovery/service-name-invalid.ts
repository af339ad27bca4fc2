import { edits, unset } from '../../edit.ts'
import { namedElsewhere, renamedService } from '../../edit-rename.ts'
import { interpolated } from '../../discovery.ts'
import type { Edit } from '../../edit.ts'
import { fault } from '../../fault.ts'
import type { At } from '../../place.ts'
import { group, job, service, task } from '../../samples.ts'
import type { GroupSpec, ServiceSpec } from '../../shapes/job.ts'

const valid = /^(?:[a-z0-9]|[a-z0-9][a-z0-9-]{0,61}[a-z0-9])$/i

interface Wrong {
  readonly what: string
  readonly at: At
  readonly edit?: readonly Edit[]
  /** The service, and the name it may have instead. */
  readonly rename?: readonly [ServiceSpec, string]
}

/** Source: nomad/structs/services.go, `Service.Validate`. */
function objection(own: ServiceSpec): Wrong | undefined {
  const { name, provider, address, addressMode } = own
  if (!interpolated(name) && !valid.test(name))
    return {
      what: `service name "${visible(name)}" is not valid: letters, digits and dashes only, at most 63`,
      at: [own, 'name'],
      ...(valid.test(better(name)) ? { rename: [own, better(name)] as const } : {}),
    }
  if (!['nomad', 'consul'].includes(provider))
    return { what: `service ${name} has provider "${provider}"`, at: [own, 'provider'] }
  if (address !== '' && !['', 'auto'].includes(addressMode))
    return {
      what: `service ${name} has an address and address_mode = "${addressMode}"`,
      at: [own, 'address_mode'],
      edit: [unset(own, 'address_mode')],
    }
  return undefined
}

/** What a screen would not show, as its escape: it may be all that is wrong. */
const visible = (name: string): string =>
  name.replaceAll(/[\p{Cc}\p{Cf}]/gu, (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`)

const better = (name: string): string => name.replace(/[^a-z0-9-]+/gi, '-').replace(/^-+|-+$/g, '')

/** The same name on the same port twice, in the group or in one task. */
function twice({ services, tasks }: GroupSpec): Wrong | undefined {
  for (const own of [services, ...tasks.map((one) => one.services)]) {
    const keys = own.map(({ name, port }) => `${name}:${port}`)
    const again = own.find((_, index) => keys.indexOf(keys[index] ?? '') !== index)
    if (again) return { what: `service ${again.name}:${again.port} is there twice`, at: [again, 'name'] }
  }
  return undefined
}

function wrong(spec: GroupSpec): Wrong | undefined {
  const all = [...spec.services, ...spec.tasks.flatMap(({ services }) => services)]
  return all.map(objection).find((one) => one !== undefined) ?? twice(spec)
}

export const serviceNameInvalid = fault({
  id: 'service-name-invalid',
  aliases: ['service-duplicate'],
  about: 'group',
  title: 'A service block is refused: its name, provider or address is not valid, or it is there twice',
  layer: 'job',
  severity: 'breaks',
  heard: [
    'Service name must be valid per RFC 1123 and can contain only alphanumeric characters or dashes and must be no longer than 63 characters',
    'Services are not unique: [group-><service>:<port>]',
    'service "<service>" is duplicate',
    'Service provider must be "consul", or "nomad"; not "<provider>"',
    'Service address_mode must be "auto" if address is set',
  ],
  needs: ['group.spec', 'job.spec'],
  shows: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return found ? { says: `In group ${spec.name} ${found.what}, so the servers refuse the job`, at: found.at } : false
  },
  byHand: 'nomad job validate <file> names the service and what is wrong with it.',
  explains: [],
  because:
    'A service name becomes a host name in DNS, so it keeps the rules of host names: letters, digits and dashes, no underscore, no dot, no space, at most 63 characters. Name and port together identify a registration of an allocation, so they may occur once. An address of its own replaces what address_mode would find, so only auto goes with it. The servers check this when the job is submitted.',
  fix: ({ 'group.spec': spec, 'job.spec': job }) => {
    const found = wrong(spec)
    const edit = found?.rename ? renamedService(...found.rename, job) : found?.edit
    return [
      {
        do: `Correct it: ${found?.what ?? ''}`,
        on: 'job file',
        risk: 'Callers that look the service up under another name must be changed with it',
        ...edits(edit, found?.rename ? namedElsewhere : 'the job does not say which name is meant'),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/service#name',
    'nomad/structs/services.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'an underscore',
      given: { 'job.spec': job(), 'group.spec': group({ services: [service({ name: 'price_import' })] }) },
      then: 'present',
    },
    {
      name: 'twice on one port',
      given: { 'job.spec': job(), 'group.spec': group({ services: [service(), service()] }) },
      then: 'present',
    },
    {
      name: 'an address with address_mode host',
      given: {
        'job.spec': job(),
        'group.spec': group({ services: [service({ address: '10.0.0.9', addressMode: 'host' })] }),
      },
      then: 'present',
    },
    {
      name: 'one name on two ports, and once more in a task',
      given: {
        'job.spec': job(),
        'group.spec': group({
          services: [service(), service({ port: 'admin' })],
          tasks: [task({ services: [service({ level: 'task', task: 'server' })] })],
        }),
      },
      then: 'absent',
    },
    {
      name: 'a name that the client completes',
      given: { 'job.spec': job(), 'group.spec': group({ services: [service({ name: '${JOB}_${TASK}' })] }) },
      then: 'absent',
    },
  ],
})
