import { edits, reword } from '../../edit.ts'
import { fault } from '../../fault.ts'
import type { TaskText } from '../../shapes/job.ts'
import { begun } from '../../words.ts'

const variable = /NOMAD_ALLOC_(?:IP|ADDR|INTERFACE)_[\w-]+/g
/** A template that asks whether it is there can do without. */
const optional = (text: string, name: string): boolean => new RegExp(`(?:if|or|and|with|Or)\\b[^}]*${name}`).test(text)

/** `${NAME:-0.0.0.0}` of a shell. */
const fallback = /^:?[-+=?]/

/** The first use of a variable that exists with a namespace of the group's own only. */
const used = (texts: readonly TaskText[]) =>
  texts
    .flatMap((at) =>
      [...at.text.matchAll(variable)]
        .filter(
          ({ 0: name, index }) =>
            !fallback.test(at.text.slice(index + name.length)) && !(at.kind === 'template' && optional(at.text, name)),
        )
        .map(([name]) => ({ name, at })),
    )
    .at(0)

const outcome = {
  config: 'the task fails, for the name is not known',
  env: 'the text stays as it is',
  template: 'it is empty',
} as const

const args = (text: string): readonly TaskText[] => [{ kind: 'config', from: 'config args of task member', text }]

export const allocEnvMissing = fault({
  id: 'alloc-env-missing',
  about: 'task',
  title: 'A NOMAD_ALLOC address is used in host mode, where an allocation has none',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'failed to parse config: Unknown variable: There is no variable named "NOMAD_ALLOC_ADDR_<label>".',
    '${NOMAD_ALLOC_ADDR_<label>}',
    '${NOMAD_ALLOC_IP_<label>}',
  ],
  onlyWhen: { 'group.network.mode': ['host'] },
  needs: ['task.texts'],
  holds: ({ 'task.texts': texts }) => {
    const found = used(texts)
    return found
      ? {
          says: `${begun(found.at.from)} uses ${found.name}, but the group is in host mode, where Nomad does not set it: ${outcome[found.at.kind]}`,
          at: [found.at, 'text', found.name],
        }
      : false
  },
  byHand: 'env in the task shows no NOMAD_ALLOC_IP, NOMAD_ALLOC_ADDR or NOMAD_ALLOC_INTERFACE.',
  explains: [],
  because:
    'NOMAD_ALLOC_IP_<label>, NOMAD_ALLOC_ADDR_<label> and NOMAD_ALLOC_INTERFACE_<label> describe the network namespace of the allocation, so they exist in bridge and CNI groups only, and since Nomad 1.8. In host mode the address to use is that of the client: NOMAD_IP_<label> and NOMAD_ADDR_<label>.',
  fix: ({ 'task.texts': texts }) => {
    const found = used(texts)
    return [
      {
        do: `Use ${found?.name.replace('NOMAD_ALLOC_', 'NOMAD_') ?? 'NOMAD_ADDR_<label>'}, or set mode = "bridge" in the network of the group`,
        on: 'job file',
        risk: 'The allocation is replaced',
        ...edits(
          found && /_(?:IP|ADDR)_/.test(found.name)
            ? [reword(found.at, 'text', found.name, found.name.replace('NOMAD_ALLOC_', 'NOMAD_'))]
            : [],
          'there is no such variable in host mode',
          true,
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/reference/runtime-environment-settings',
    'client/taskenv/env.go',
    'https://github.com/hashicorp/nomad/issues/26699',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'an argument of an exec task',
      given: { 'group.network.mode': 'host', 'task.texts': args('--advertise ${NOMAD_ALLOC_ADDR_gossip}') },
      then: 'present',
    },
    {
      name: 'the address of the client',
      given: { 'group.network.mode': 'host', 'task.texts': args('--advertise ${NOMAD_ADDR_gossip}') },
      then: 'absent',
    },
    {
      name: 'a template that looks first',
      given: {
        'group.network.mode': 'host',
        'task.texts': [
          {
            kind: 'template',
            from: 'template local/env of task member',
            text: '{{ with env "NOMAD_ALLOC_IP_gossip" }}{{ . }}{{ end }}',
          },
        ],
      },
      then: 'absent',
    },
    {
      name: 'a bridge group has it',
      given: { 'group.network.mode': 'bridge', 'task.texts': args('--advertise ${NOMAD_ALLOC_ADDR_gossip}') },
      then: 'absent',
    },
  ],
})
