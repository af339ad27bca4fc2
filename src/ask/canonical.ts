import { spell, type Request } from './request.ts'

/** One spelling of a name inside a path, whoever escaped it. */
function word(text: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(text))
  } catch {
    return text // a lone % is nobody's escape: leave it
  }
}

/** An API path in one spelling: same escapes, the default namespace left out, parameters in order. */
export function canonicalPath(path: string): string {
  const at = path.indexOf('?')
  const names = (at === -1 ? path : path.slice(0, at)).split('/').map(word).join('/')
  if (at === -1) return names
  const query = path
    .slice(at + 1)
    .split('&')
    .filter((part) => part !== '' && part !== 'namespace=default')
    .map((part) => part.split('=').map(word).join('='))
    .toSorted()
  return query.length === 0 ? names : `${names}?${query.join('&')}`
}

/** The key under which replies are kept: two requests with the same key ask the same question (bodies aside). */
export function keyOf(request: Request): string {
  const api = request.via === 'nomad' || request.via === 'consul'
  return spell(api ? { ...request, path: canonicalPath(request.path) } : request)
}
