import { lookAll, onNode } from '../command.ts'
import { fromText, probe, type Answer } from '../probe.ts'

/** Where agents log to: a file, or the journal. The first that answers is shown; newest lines last. */
const readers = [
  ['tail', '-n', '30', '/var/log/nomad.log'],
  ['tail', '-n', '12', '/var/log/nomad.log'],
  ['grep', '-i', 'bridge', '/var/log/nomad.log'],
  ['journalctl', '-u', 'nomad', '-n', '30', '--no-pager', '-o', 'cat'],
] as const

export const agentLog = probe({
  id: 'agent-log',
  about: 'node',
  title: "The client agent's log",
  provides: ['node.agent-log'],
  given: [],
  cost: 'free',
  read: (ask, thing) =>
    lookAll(
      ask,
      readers.map((argv) => onNode(thing, ...argv)),
    ),
  parse: (answers) => {
    const [first] = answers as readonly [Answer]
    const answer = answers.find(({ refusal, reply }) => refusal === null && reply.body !== '') ?? first
    return { 'node.agent-log': fromText('agent-log', answer, (text) => [text, text]) }
  },
})
