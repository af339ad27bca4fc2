import type { Container } from '../../knowledge/shapes/runtime.ts'

export type DockerNetworks = readonly { readonly name: string; readonly bridge: string }[]

/** A container with a namespace of docker's own: its address, and the bridge it is behind. */
export interface DockerPlace {
  readonly container: Container
  readonly address: string
  readonly device: string
}

/** Where docker put the container of a task; a text says why that is not known. */
export function dockerPlace(
  task: string | undefined,
  containers: readonly Container[] | undefined,
  networks: DockerNetworks | undefined,
): DockerPlace | string {
  if (!containers || !networks) return 'the containers of the client are not known'
  const container = containers.find((one) => one.task === task && one.state === 'running')
  if (!container) return `no container of task ${task ?? ''} runs`
  const [network, address] = Object.entries(container.networks).find(([, value]) => value !== '') ?? []
  const device = networks.find(({ name }) => name === network)?.bridge
  return address === undefined || device === undefined || device === ''
    ? `the docker network of ${container.name} is not known`
    : { container, address, device }
}

/** The container's port behind a host port. */
export function publishedPort({ published }: Container, hostPort: number): number | undefined {
  const [port] = Object.entries(published).find(([, bindings]) => bindings.some((one) => one.port === hostPort)) ?? []
  return port === undefined ? undefined : Number.parseInt(port, 10)
}
