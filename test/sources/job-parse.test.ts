import { expect, test } from 'vitest'
import type { Ask } from '../../src/ask/request.ts'
import { parseJob } from '../../src/sources/job-parse.ts'

const says =
  (status: number, body: string): Ask =>
  () =>
    Promise.resolve({ at: '', ms: 1, status, body })

test.each<[string, number, string, unknown]>([
  ['the job', 200, '{"ID":"web"}', { job: { ID: 'web' } }],
  [
    'what is wrong, and where',
    400,
    'Failed to parse job: input.hcl:10,7-15: Unsupported argument; An argument named "nonsense" is not expected here.',
    {
      line: 10,
      column: 7,
      summary: 'Unsupported argument',
      detail: 'An argument named "nonsense" is not expected here.',
    },
  ],
  [
    'a value that is missing says nothing against the file',
    400,
    'Failed to parse job: <nil>: Unset variable "x"; A used variable must be set',
    null,
  ],
  [
    'a file that only the command line may read, neither',
    400,
    'input.hcl:12,23-35: Error in function call; Call to function "file" failed: filesystem function disabled.',
    null,
  ],
  ['nor does a refusal', 403, 'Permission denied', null],
  ['nor a server that is not there', -1, 'connect ECONNREFUSED', null],
  ['nor an answer that is no JSON', 200, '<html>', null],
])('the servers answer with %s', async (_, status, body, parsed) => {
  expect(await parseJob(says(status, body), 'job "web" {}', '')).toEqual(parsed)
})
