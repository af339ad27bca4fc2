import { expect, test } from 'vitest'
import { callsOf, listeningOf } from '../../src/derive/said/places.ts'
import { task } from '../../src/knowledge/samples.ts'
import type { TaskSpec } from '../../src/knowledge/shapes/job.ts'

const listened = (changed: Partial<TaskSpec>): string[] =>
  listeningOf(task({ config: {}, env: {}, templates: [], ...changed })).map(({ host, port }) => `${host}:${port ?? ''}`)
const file = (data: string): Partial<TaskSpec> => ({
  templates: [{ destination: 'local/x', data, source: '', env: false, changeMode: 'restart' }],
})

test.each([
  ['python3 -m http.server 8000', [':8000']],
  ['python3 -m http.server --bind 127.0.0.1 8000', ['127.0.0.1:', ':8000']],
  ['python3 -m http.server ${NOMAD_PORT_http} --bind 127.0.0.1', [':', '127.0.0.1:']],
  ['php -S 0.0.0.0:9000', [':9000']],
  ['php -S localhost:9000', ['localhost:9000']],
  ['exec /venv/bin/gunicorn -b 127.0.0.1:8080 app', ['127.0.0.1:8080']],
  ['cat -b 127.0.0.1:8080', []],
  ['next start --hostname localhost -p 8080', ['localhost:', ':8080']],
  ['java -Dserver.address=127.0.0.1 -Dserver.port=8080 -jar app.jar', ['127.0.0.1:', ':8080']],
  ['until pg_isready -h db -p 5432; do sleep 1; done; exec gunicorn -b 0.0.0.0:8080 app', [':8080']],
  ['until pg_isready -h db -p 5432\ndo sleep 1; done\nexec server --port 8080', [':8080']],
  ['mysql -h db.example.org --port 3306 -e x && exec server', []],
  ['ssh -p 2222 -N -L 5432:db:5432 u@h & exec server', []],
  ['nc -l -p 8080', [':8080']],
  ['wait-for-it --host=10.0.0.1 --port=5432 -- server --port 80', [':80']],
  ['server --remote 10.0.0.1 --port 5432', []],
  ['--port 8080 --redis-host 10.0.0.2', [':8080']],
  ['postgres -c listen_addresses=127.0.0.1', ['127.0.0.1:']],
])('%s', (line, places) => {
  expect(listened({ config: { args: [line] } })).toEqual(places)
  if (!line.includes('\n')) expect(listened({ config: { args: line.split(' ') } })).toEqual(places)
})

test.each(['psql', '/usr/bin/redis-cli', 'mosquitto_sub', 'rsync', 'pg_dump', 'ssh', 'wait-for-it.sh'])(
  '%s is a client',
  (command) => expect(listened({ config: { command, args: ['-h', '10.0.0.1', '-p', '5432'] } })).toEqual([]),
)

test.each([
  [{ PORT: '8080' }, [':8080']],
  [{ PORT: '5432', HOST: 'db.example.org' }, []],
  [{ SERVER_PORT: '25565', SERVER_HOST: '10.0.0.3' }, []],
  [{ PORT: '8080', HOSTNAME: 'localhost', SERVER_ADDRESS: '127.0.0.1' }, [':8080']],
  [{ PORT: '8080', SMTP_HOST: 'mail.example.org' }, [':8080']],
  [{ PORT: '8080', HOST: '0.0.0.0' }, [':8080']],
  [{ ASPNETCORE_URLS: 'http://+:8080;https://*:8443' }, [':8080', ':8443']],
  [{ LISTEN_BACKLOG: '1024' }, []],
])('%j', (env, places) => expect(listened({ env })).toEqual(places))

test.each([
  ['server {\n  listen 8000;\n  location / {\n    proxy_pass http://127.0.0.1:9000;\n  }\n}', [':8000']],
  ['server:\n  port: 8000\ndatabase:\n  host: db\n  port: 5432', [':8000']],
  ['[http]\nport = 80\n[smtp]\nport = 25', [':80']],
  ['[server]\nhttp_port = 3000\nroot_url = https://x.example.org/', [':3000']],
  ['[server]\nhost = mail.example.org\nport = 25', []],
  ['[mysqld]\nport = 3307', [':3307']],
  ['{\n  "server": {\n    "port": 80\n  },\n  "db": {\n    "port": 5432\n  }\n}', [':80']],
  ['http:\n  host: 0.0.0.0\n  port: 8080', [':8080']],
  ['bind 0.0.0.0\nport 6380', ['0.0.0.0:', ':6380']],
  ['port = 5432\nhost = "db"', []],
  ['port=5432', []],
  ['ldap_server = "ldap.example.org"\nport = 636', []],
  ['Host bastion\n  Port 2222', []],
  ['upstream:\n  listen: no\n  port: 9999', []],
  ['redis:\n  host: 127.0.0.1\n  port: 6379', []],
  ['mqtt:\n  broker: {{ .Address }}\n  port: 1883', []],
  ['# listen 8000;\nlisten 8001;', [':8001']],
])('%j', (data, places) => expect(listened(file(data))).toEqual(places))

test('a client calls what it names', () => {
  const { config } = task({ config: { args: ['curl', 'http://10.0.0.1:9000/'] } })
  expect(callsOf(task({ config }))).toMatchObject([{ host: '10.0.0.1', port: 9000 }])
  expect(callsOf(task({ env: { CORS_ORIGINS: 'http://localhost:9000', API: 'localhost:9001' } }))).toMatchObject([
    { port: 9001 },
  ])
})

const called = (changed: Partial<TaskSpec>): string[] =>
  callsOf(task({ config: {}, env: {}, templates: [], ...changed })).map(
    ({ host, port, from }) => `${from}: ${host}:${port}`,
  )

test.each<readonly [Readonly<Record<string, string>>, readonly string[]]>([
  [{ PGHOST: '127.0.0.1', PGPORT: '5432' }, ['env PGHOST with PGPORT of task server: 127.0.0.1:5432']],
  [{ DB_HOST: 'localhost', DB_PORT: '5432' }, ['env DB_HOST with DB_PORT of task server: localhost:5432']],
  [{ REDIS_HOST: '::1', REDIS_PORT: '6379' }, ['env REDIS_HOST with REDIS_PORT of task server: ::1:6379']],
  [{ dbHost: '10.0.0.1', dbPort: '5432' }, ['env dbHost with dbPort of task server: 10.0.0.1:5432']],
  // Whose port it is, the names say.
  [{ PGHOST: '127.0.0.1', MYSQL_PORT: '3306' }, []],
  // A program's own sides.
  [{ HOST: '127.0.0.1', PORT: '5432' }, []],
  [{ METRICS_HOST: '127.0.0.1', METRICS_PORT: '9090' }, []],
  [{ HTTP_SERVER_HOST: '127.0.0.1', HTTP_SERVER_PORT: '80' }, []],
  // Nobody's address, and what is no number.
  [{ DB_HOST: '0.0.0.0', DB_PORT: '5432' }, []],
  [{ DB_HOST: '127.0.0.1', DB_PORT: '${NOMAD_PORT_db}' }, []],
  [{ DB_HOST: 'db.example.org', DB_PORT: '5432' }, []],
])('an address in two variables, %j', (env, places) => expect(called({ env })).toEqual(places))

test('an address in two flags of one command', () => {
  expect(called({ config: { args: ['--db-host', '127.0.0.1', '--db-port=5432', '--port', '80'] } })).toEqual([
    '--db-host with --db-port in config args of task server: 127.0.0.1:5432',
  ])
  expect(called({ config: { args: ['--db-host 127.0.0.1; other --db-port 5432'] } })).toEqual([])
})
