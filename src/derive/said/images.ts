import type { TaskSpec } from '../../knowledge/shapes/job.ts'

/** Ports on which official images listen when nothing tells them otherwise. Source: EXPOSE of their Dockerfiles. */
const ports: Readonly<Record<string, number>> = {
  redis: 6379,
  valkey: 6379,
  keydb: 6379,
  postgres: 5432,
  postgis: 5432,
  mysql: 3306,
  mariadb: 3306,
  mongo: 27017,
  memcached: 11211,
  rabbitmq: 5672,
  elasticsearch: 9200,
  opensearch: 9200,
  nats: 4222,
  cassandra: 9042,
  influxdb: 8086,
  clickhouse: 8123,
}

/** Only where its arguments leave the image as it is. */
export function portOfImage({ driver, config }: TaskSpec): number | undefined {
  const image = config['image']
  if (!['docker', 'podman'].includes(driver) || typeof image !== 'string') return undefined
  const base = image.replace(/^.*\//, '').replace(/[:@].*$/, '')
  return Object.hasOwn(ports, base) ? ports[base] : undefined
}
