/** Which name a text says did not resolve, and who looked it up. */

/** Names of Consul are of a service, a node, a prepared query and more, of any datacenter; lines name services alone. */
const ofConsul = /\.(?:service|node|query|connect|ingress|addr)(?:\.[\w-]+){0,4}\.consul\b/gi

export const asService = (text: string): string => text.replaceAll(ofConsul, '.service.consul')

/** What a text has that looked up a name of Consul, and a line about one. */
export const namesConsul = (text: string): boolean => /\.consul\b/.test(text)

/** A name of a task or an alias has no domain. */
export const namesTask = (line: string): boolean => /<(?:task|alias)>/.test(line)

const answer = /name or service not known|name does not resolve|no such host/i

/** What programs put in front of such an answer that is no name. */
const decoration =
  /\d{4}-\d\d-\d\d[T ]?[\d:.,]*Z?|\b(?:socket|getaddrinfo|failed|urlopen|errno|err)\b|\b(?:\w+\.)*\w*(?:error|exception)\b/gi

/** It says that a name does not resolve, and not which. */
export const isNameless = (text: string): boolean =>
  text.split('\n').some((line) => {
    const [before = '', after] = line.split(answer)
    return after !== undefined && !/[a-z]/i.test(before.replaceAll(decoration, '') + after)
  })

/** The docker engine looks up registries, with the resolver of the client: that is no name a task asked for. */
export const asksDocker = (text: string): boolean =>
  /Error response from daemon|API error \(\d+\)|Failed to pull\b/i.test(text)
