import { edits, reword } from '../../edit.ts'
import { clean, labelsOf } from '../../container.ts'
import { fault } from '../../fault.ts'
import { group } from '../../samples.ts'
import type { GroupSpec, TaskText } from '../../shapes/job.ts'
import { begun } from '../../words.ts'

/** Prefixes whose label Nomad rewrites, and those whose label stays as it is. Source: client/taskenv/env.go. */
const rewritten = ['ADDR', 'IP', 'PORT', 'HOST_PORT']
const kept = ['HOST_IP', 'HOST_ADDR', 'ALLOC_IP', 'ALLOC_PORT', 'ALLOC_ADDR', 'ALLOC_INTERFACE']

/** Names that Nomad does not set, and the name it sets instead. In an env block both spellings of a rewritten one resolve. */
function wrong(texts: readonly TaskText[], spec: GroupSpec) {
  return labelsOf(spec)
    .filter((label) => clean(label) !== label && !labelsOf(spec).includes(clean(label)))
    .flatMap((label) => [
      ...rewritten.map((prefix) => ({
        name: `NOMAD_${prefix}_${label}`,
        instead: `NOMAD_${prefix}_${clean(label)}`,
        label,
      })),
      ...kept.map((prefix) => ({
        name: `NOMAD_${prefix}_${clean(label)}`,
        instead: `NOMAD_${prefix}_${label}`,
        label,
      })),
    ])
    .flatMap(({ name, instead, label }) => {
      const found = texts.find(({ text, kind }) => kind === 'template' && uses(text, name))
      const dead = texts.find(({ text, kind }) => kind === 'config' && name.includes(label) && uses(text, name))
      const at = found ?? dead
      return at ? [{ name, instead, label, at }] : []
    })
}

const uses = (text: string, name: string): boolean => text.split(name).some((rest, i) => i > 0 && !/^[\w.-]/.test(rest))

const dashed = group({ services: [], network: { mode: '', ports: [{ label: 'public-http', hostNetwork: 'default' }] } })
const template = (name: string): readonly TaskText[] => [
  { kind: 'template', from: 'template local/hookd.ini of task hookd', text: `listen = 0.0.0.0:{{ env "${name}" }}` },
]

export const portLabelWithDash = fault({
  id: 'port-label-with-dash',
  about: 'task',
  title: 'A port label has a dash, and the variable is asked for under a name it does not have',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'There is no variable named "NOMAD_PORT_<label-with-dash>". Did you mean "NOMAD_PORT_<label_with_dash>"?',
    'failed to parse config: Unknown variable',
    '${NOMAD_IP_<label-with-dash>}',
  ],
  needs: ['task.texts', 'group.spec'],
  holds: ({ 'task.texts': texts, 'group.spec': spec }) => {
    const [first] = wrong(texts, spec)
    return first
      ? {
          says: `${begun(first.at.from)} asks for ${first.name}; for port label "${first.label}" Nomad sets ${first.instead} there`,
          at: [first.at, 'text', first.name],
        }
      : false
  },
  byHand: 'env in the task: compare the names that begin with NOMAD_ with the one the template or the config uses.',
  explains: [],
  because:
    'Characters other than letters, digits, underscore and dot become an underscore in NOMAD_ADDR_, NOMAD_IP_, NOMAD_PORT_ and NOMAD_HOST_PORT_, but not in NOMAD_HOST_IP_, NOMAD_HOST_ADDR_ and NOMAD_ALLOC_. A template gets an empty text for a name that is not set, so the application listens on a wrong port or calls nobody; in a driver config the unknown name fails the task.',
  fix: ({ 'task.texts': texts, 'group.spec': spec }) => {
    const [first] = wrong(texts, spec)
    return [
      {
        do: `Rename port "${first?.label ?? ''}" to "${clean(first?.label ?? '').replaceAll('.', '_')}", in the network block, the services and the variables: then all names are the same`,
        on: 'job file',
        risk: 'The allocations are replaced',
        note: 'By hand: the label may stand in other jobs as well',
      },
      {
        do: `Or write ${first?.instead ?? ''} here`,
        on: 'job file',
        risk: 'The allocations are replaced',
        ...edits(
          wrong(texts, spec).map(({ at, name, instead }) => reword(at, 'text', name, instead)),
          'the text is put together elsewhere',
          // An address that is there again may be one the application cannot bind.
          wrong(texts, spec).every(({ name }) => /^NOMAD_(?:HOST_)?PORT_/.test(name)),
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/reference/runtime-environment-settings',
    'client/taskenv/env.go',
    'https://github.com/hashicorp/nomad/issues/27058',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a template asks with the dash',
      given: { 'task.texts': template('NOMAD_PORT_public-http'), 'group.spec': dashed },
      then: 'present',
    },
    {
      name: 'a template asks for the host address with the underscore',
      given: { 'task.texts': template('NOMAD_HOST_IP_public_http'), 'group.spec': dashed },
      then: 'present',
    },
    {
      name: 'a template asks with the underscore',
      given: { 'task.texts': template('NOMAD_PORT_public_http'), 'group.spec': dashed },
      then: 'absent',
    },
    {
      name: 'in an env block the dash resolves',
      given: {
        'task.texts': [
          { kind: 'env', from: 'env PORT of task hookd', text: '${NOMAD_PORT_public-http}', variable: 'PORT' },
        ],
        'group.spec': dashed,
      },
      then: 'absent',
    },
  ],
})
