/** A request of more characters is a list of arguments that nobody reads. */
const most = 200

/**
 * A request as a line of evidence: of a long list of arguments the first ones, and where it was asked. The raw reply and
 * JSON have all of it.
 */
export function requestLine(request: string): string {
  if (request.length <= most) return request
  const at = request.lastIndexOf('   ')
  const where = at > 0 && request.length - at < most / 2 ? request.slice(at) : ''
  const room = most - where.length - 2
  const cut = request.lastIndexOf(' ', room)
  return `${request.slice(0, cut > room / 2 ? cut : room)} …${where}`
}
