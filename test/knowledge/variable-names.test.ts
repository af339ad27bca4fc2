import { expect, test } from 'vitest'
import { dialledHosts } from '../../src/knowledge/dialled-host.ts'
import { purposeOf } from '../../src/knowledge/variable-names.ts'

test.each([
  [
    'DATABASE_URL REDIS_ADDR API_URL DB_HOSTNAME PGHOST CACHE_HOST PROXY_HOST BACKEND_ORIGINAL KAFKA_BROKERS',
    'dialled',
  ],
  ['--upstream QUEUE_ENDPOINT COUNTING_SERVICE_URL elasticsearch.hosts apiServer', 'dialled'],
  ['CORS_ORIGINS ALLOWED_ORIGIN CSRF_TRUSTED_ORIGINS OAUTH_REDIRECT_URI OAUTH_CALLBACK_URL corsOrigin', 'browser'],
  [
    'ROOT_URL GF_SERVER_ROOT_URL PUBLIC_URL EXTERNAL_URL VITE_API_URL NEXT_PUBLIC_API REACT_APP_API SITE_URL',
    'browser',
  ],
  [
    'SERVICE_URL MY_SERVICE_URI APP_URL BASE_URL NEXTAUTH_URL WEBHOOK_URL HEALTHCHECK_CMD ISSUER_URL CERT_MANAGER_ADDR',
    'either',
  ],
  ['VHOST RABBITMQ_DEFAULT_VHOST VIRTUAL_HOST AMQP_VIRTUAL_HOST SMTP_HELO_HOST SERVER_NAME CERT_SANS', 'identity'],
  ['COMMON_NAME ALLOWED_HOSTS NO_PROXY HEADER_HOST CLIENT_HOSTNAME HOSTNAME LETSENCRYPT_HOST --san', 'identity'],
  ['KAFKA_ADVERTISED_LISTENERS CERT_NAME TLS_SERVER_NAME', 'identity'],
])('what %s is for', (names, purpose) => {
  expect(names.split(' ').map((name) => [name, purposeOf(name)])).toEqual(
    names.split(' ').map((name) => [name, purpose]),
  )
})

test.each([
  ['redis://redis:6379/0', 'redis', [['redis://', ':6379']]],
  ['postgres://postgres:postgres@postgres:5432/postgres', 'postgres', [['postgres://postgres:postgres@', ':5432']]],
  ['redis://:redis@redis/1?name=redis', 'redis', [['redis://:redis@', '']]],
  ['jdbc:postgresql://db/app', 'db', [['jdbc:postgresql://', '']]],
  ['mongodb://db:27017,other:27017', 'db', [['mongodb://', ':27017']]],
  ['root:word@tcp(db:3306)/app', 'db', [['', ':3306']]],
  [
    'a=db:5432 b=tcp://db:5432',
    'db',
    [
      ['tcp://', ':5432'],
      ['', ':5432'],
    ],
  ],
  ['docker://redis redis:7 s3://redis /var/redis redis.example.org:80', 'redis', []],
  ['http://redis.example.org my-redis:6379 redis:6379@host', 'redis', []],
])('hosts in %s', (text, name, found) => {
  expect(dialledHosts(text, name).map(({ lead, tail }) => [lead, tail])).toEqual(found)
})
