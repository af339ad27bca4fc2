/** Small things for examples of what a file says. */
import type { Called, DeclaredPort, Said } from './shapes/said.ts'

export const said = (changed: Partial<Said> = {}): Said => ({
  task: 'server',
  host: '',
  port: 8080,
  what: '',
  udp: false,
  by: 'text',
  from: 'config args of task server',
  at: {},
  ...changed,
})
export const called = (changed: Partial<Called> = {}): Called => ({
  task: 'server',
  host: '127.0.0.1',
  port: 6379,
  from: 'env REDIS_ADDR of task server',
  text: 'REDIS_ADDR 127.0.0.1:6379',
  at: {},
  ...changed,
})
export const declared = (changed: Partial<DeclaredPort> = {}): DeclaredPort => ({
  label: 'http',
  port: { label: 'http', to: 8080, hostNetwork: 'default' },
  mapper: 'portmap',
  namespace: 'group',
  inside: 8080,
  servers: ['server'],
  service: 'orders',
  ...changed,
})

/** A place of which only the address is said, or the variable of the port. */
export const portless = (changed: Partial<Said>): Said => {
  const { port: _port, ...others } = said(changed)
  return others
}
