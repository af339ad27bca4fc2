/** What a client agent tells of its own configuration, as `/v1/agent/self` spells it. */
type Agent = Readonly<Record<string, unknown>>

/** A text of the client block; '' where it is not set. */
export function clientText(agent: Agent, key: string): string {
  const client = agent['Client']
  const value = typeof client === 'object' && client !== null ? (client as Agent)[key] : undefined
  return typeof value === 'string' ? value : ''
}
