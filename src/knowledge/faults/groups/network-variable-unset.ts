import { each, stepsOf } from '../../each.ts'
import { edits, meant, reword } from '../../edit.ts'
import { fault, type Wrong } from '../../fault.ts'
import { addedByNomad, portNames, references, spelt, upstreamNames, type Reference } from '../../network-variables.ts'
import { clean, labelsOf } from '../../container.ts'
import { others } from '../../said.ts'
import { group, job } from '../../samples.ts'
import type { GroupSpec, JobSpec, TaskText } from '../../shapes/job.ts'
import { begun } from '../../words.ts'

/** A reference to a port or an upstream that no group of the job has: those that another one has are another fault. */
function unset(texts: readonly TaskText[], own: GroupSpec, job: JobSpec): readonly Reference[] {
  if (own.networkBlocks > 1) return []
  const [ports, upstreams] = [portNames(own), upstreamNames(own)]
  const strange = references(texts).filter(({ of, upstream }) =>
    upstream ? !upstreams.some((name) => spelt('', name) === spelt('', of)) : !ports.has(of) && !addedByNomad(of),
  )
  const found = strange.filter(
    ({ name, of, upstream }) =>
      !texts.some((text) => spells(text, name)) &&
      (upstream || !others(job, own).some((group) => portNames(group).has(of))),
  )
  // Each name once in each text: an edit of the text changes all of them.
  return found.filter(({ name, at }, i) => !found.slice(0, i).some((one) => one.name === name && one.at === at))
}

/** The text sets the variable, or prints its name beside its value: then nobody depends on what it holds. */
const spells = ({ variable, text }: TaskText, name: string): boolean =>
  variable === name || new RegExp(String.raw`(?<![\w.{"$])${name}(?![\w.}"-])`).test(text)

const there = ({ upstream }: Reference, own: GroupSpec): string => {
  const names = upstream ? upstreamNames(own) : labelsOf(own)
  const what = upstream ? 'upstream' : 'port'
  return names.length === 0
    ? `has no ${what} at all`
    : `has only the ${what}${names.length === 1 ? '' : 's'} ${names.join(', ')}`
}

/** The variable that a slip of the pen can only stand for, or one whose label is a part of what is written. */
function instead({ prefix, of, upstream }: Reference, own: GroupSpec) {
  const found = meant(of, upstream ? upstreamNames(own) : labelsOf(own))
  if (!found || (!found.sure && !akin(found.name, of))) return undefined
  return { name: spelt(prefix, found.name), sure: found.sure }
}
const akin = (one: string, other: string): boolean => {
  const [a, b] = [clean(one).toLowerCase(), clean(other).toLowerCase()]
  return a.includes(b) || b.includes(a)
}

function wrongs(texts: readonly TaskText[], own: GroupSpec, job: JobSpec): readonly Wrong[] {
  return unset(texts, own, job).map((found) => {
    const right = instead(found, own)
    return {
      says: `${begun(found.at.from)} uses ${found.name}, which nothing sets: group ${own.name} ${there(found, own)}`,
      at: [found.at, 'text', found.name] as const,
      fix: [
        {
          do: right
            ? `Write ${right.name} instead of ${found.name}`
            : `Name a port or an upstream of group ${own.name} instead of ${found.name}, or declare it`,
          on: 'job file',
          risk: 'The allocation is replaced',
          ...edits(
            right && [reword(found.at, 'text', found.name, right.name)],
            'the job does not say which port or upstream is meant',
            right?.sure === true,
          ),
        },
      ],
    }
  })
}

const env = (text: string): readonly TaskText[] => [
  { kind: 'env', from: 'env QUEUE of task api', text, variable: 'QUEUE' },
]
const queue = group({
  name: 'queue',
  services: [],
  network: { mode: '', ports: [{ label: 'amqp', hostNetwork: 'default' }] },
})

export const networkVariableUnset = fault({
  id: 'network-variable-unset',
  about: 'task',
  title: 'The task uses a variable for a port or upstream that does not exist',
  layer: 'name',
  severity: 'breaks',
  heard: [
    '${NOMAD_PORT_<label>}',
    'There is no variable named "NOMAD_PORT_<label>"',
    'There is no variable named "NOMAD_UPSTREAM_ADDR_<service>"',
  ],
  needs: ['task.texts', 'group.spec', 'job.spec'],
  shows: ['task.texts'],
  holds: ({ 'task.texts': texts, 'group.spec': own, 'job.spec': job }) => each(wrongs(texts, own, job)),
  byHand: 'env in the task lists the variables that begin with NOMAD_: the one in the text is not among them.',
  explains: [],
  because:
    'Nomad sets NOMAD_ADDR_, NOMAD_IP_, NOMAD_PORT_ and their HOST_ forms for the port labels of the group, and NOMAD_UPSTREAM_ for the upstreams of its sidecars. It does not object to any other name: in an env block the text stays as it is, in a template it is empty, and in a driver config it fails the task.',
  fix: ({ 'task.texts': texts, 'group.spec': own, 'job.spec': job }) => stepsOf(wrongs(texts, own, job)),
  references: [
    'https://developer.hashicorp.com/nomad/docs/reference/runtime-environment-settings',
    'client/taskenv/env.go',
    'helper/args/args.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a misspelt label',
      given: { 'task.texts': env('${NOMAD_ADDR_ampq}'), 'group.spec': queue, 'job.spec': job({ groups: [queue] }) },
      then: 'present',
    },
    {
      name: 'a misspelt upstream',
      given: {
        'task.texts': env('${NOMAD_UPSTREAM_ADDR_orders}'),
        'group.spec': queue,
        'job.spec': job({ groups: [queue] }),
      },
      then: 'present',
    },
    {
      name: 'as a shell reads it, with the name of another group in it',
      given: {
        'task.texts': [
          { kind: 'config', from: 'config args of task api', text: 'wget -O - http://$NOMAD_ADDR_queue_http/' },
        ],
        'group.spec': queue,
        'job.spec': job({ groups: [queue] }),
      },
      then: 'present',
    },
    {
      name: 'the shell asks first whether it is set',
      given: {
        'task.texts': [
          {
            kind: 'config',
            from: 'config args of task api',
            text: '[ -n "$NOMAD_PORT_admin" ] && serve -p $NOMAD_PORT_admin',
          },
        ],
        'group.spec': queue,
        'job.spec': job({ groups: [queue] }),
      },
      then: 'absent',
    },
    {
      name: 'the label of the group',
      given: {
        'task.texts': env('${NOMAD_HOST_PORT_amqp}'),
        'group.spec': queue,
        'job.spec': job({ groups: [queue] }),
      },
      then: 'absent',
    },
    {
      name: 'another group has it: that is another fault',
      given: {
        'task.texts': env('${NOMAD_ADDR_amqp}'),
        'group.spec': group({ name: 'web', services: [] }),
        'job.spec': job({ groups: [group({ name: 'web', services: [] }), queue] }),
      },
      then: 'absent',
    },
    {
      name: 'a default stands in for it',
      given: {
        'task.texts': env('${NOMAD_PORT_admin:-9000}'),
        'group.spec': queue,
        'job.spec': job({ groups: [queue] }),
      },
      then: 'absent',
    },
  ],
})
