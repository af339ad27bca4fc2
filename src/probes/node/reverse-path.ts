import type { Ask } from '../../ask/request.ts'
import type { Thing } from '../../knowledge/things.ts'
import { onNode } from '../command.ts'
import { fromText, look, probe, Shape } from '../probe.ts'

const counter = 'IPReversePathFilter'

/** The kernel's own table; nstat reads it too, but keeps a history file on the machine, so only recordings hold it. */
async function readCounter(ask: Ask, thing: Thing) {
  const table = await look(ask, onNode(thing, 'cat', '/proc/net/netstat'))
  return table.refusal?.why === 'not-recorded' ? look(ask, onNode(thing, 'nstat', '-az', `TcpExt${counter}`)) : table
}

export const reversePath = probe({
  id: 'reverse-path',
  about: 'node',
  title: 'Packets dropped by the reverse path filter of the client',
  provides: ['node.reverse-path-drops'],
  given: [],
  cost: 'free',
  read: readCounter,
  parse: (answer) => ({
    'node.reverse-path-drops': fromText('reverse-path', answer, (text) => {
      const count = fromNstat(text) ?? fromTable(text)
      if (count === undefined) throw new Shape('the counter was not printed')
      return [count, `TcpExt${counter} ${count}`]
    }),
  }),
})

function fromNstat(text: string): number | undefined {
  const count = new RegExp(`^TcpExt${counter}\\s+(\\d+)`, 'm').exec(text)?.[1]
  return count === undefined ? undefined : Number(count)
}

/** Two lines a group: names, then numbers in the same order. */
function fromTable(text: string): number | undefined {
  const [names = [], numbers = []] = text
    .split('\n')
    .filter((line) => line.startsWith('TcpExt: '))
    .map((line) => line.trim().split(/\s+/))
  const count = Number(numbers[names.indexOf(counter)] ?? Number.NaN)
  return Number.isInteger(count) && names.includes(counter) ? count : undefined
}
