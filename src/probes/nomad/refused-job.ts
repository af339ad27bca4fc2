import type { Reply } from '../../ask/request.ts'

/** Words of a job that is refused, in the body of a 400 or 500. Source: nomad/job_endpoint.go, `Job.Plan`, `Job.Register`. */
const refused = /errors? occurred:|error in job mutator|in nonexistent namespace|validation failed/i

/** What the servers say against a job; undefined where the reply is another one. */
export const refusedJob = ({ status, body }: Reply): readonly string[] | undefined =>
  status >= 400 && status !== 403 && refused.test(body) && !/permission denied/i.test(body) ? errorsIn(body) : undefined

/** The errors of Go's multierror text, one each; the whole text when it is no list. */
function errorsIn(body: string): readonly string[] {
  const listed = body
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('* '))
    .map((line) => line.slice(2))
  return listed.length > 0 ? listed : [body.trim()]
}
