import { Box } from 'ink'
import type { ReactNode } from 'react'
import { describe, type Request } from '../ask/request.ts'
import { blank, line, paragraph, span, wrap } from '../components/line.ts'
import { Rows } from '../components/row.tsx'
import { inset } from '../components/text.ts'
import type { At } from './screen.ts'

const intent: Readonly<Record<string, string>> = {
  task: 'Run this inside your workload?',
  netns: 'Send packets from the network namespace of an allocation?',
  node: 'Send packets from a client machine?',
}

/** Asks for exactly one action. It is never answered by a key that was meant for something else. */
export function Consent({ request, more, at }: { request: Request; more: number; at: At }): ReactNode {
  const { columns } = at
  const width = Math.min(columns - 8, 100)
  const lines = [
    blank,
    line(intent[request.via] ?? 'Do this?', 'heading'),
    blank,
    ...inset(wrap([span(describe(request), 'accent')], width, 2)),
    blank,
    ...paragraph(
      'Nothing is changed by it. Without it, what it would tell stays unknown, and the diagnosis says so.',
      width,
      0,
      'faint',
    ),
    blank,
    [span('y', 'accent'), span('  yes, exactly this')],
    [span('n', 'accent'), span('  no')],
    [span('N', 'accent'), span('  no, and do not ask again in this run')],
    ...(more > 0 ? [blank, line(`${more} more questions like this wait.`, 'faint')] : []),
  ]
  return (
    <Box flexDirection="column" width={columns}>
      <Rows lines={inset(lines, 4)} columns={columns} />
    </Box>
  )
}
