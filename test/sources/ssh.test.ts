import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Machine } from '../../src/sources/reach.ts'
import { ssh } from '../../src/sources/ssh.ts'
import { soon } from '../soon.ts'

/** Does what matters here: a master that stays, a check of it, and the joined line read by a shell. */
const program = `#!/bin/sh
printf '%s\\n' "$*" >> "$0.log"
case "$*" in
  *refusing*) echo 'root@refusing: Permission denied (publickey).' >&2; exit 255;;
  *changed*) echo '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @' >&2; echo 'Host key verification failed.' >&2; exit 255;;
  *unknown*) echo 'No ED25519 host key is known for unknown and you have requested strict checking.' >&2; echo 'Host key verification failed.' >&2; exit 255;;
esac
while [ $# -gt 0 ]; do
  case "$1" in
    -S) socket=$2; shift;;
    -M) master=1;;
    -O) test -e "$socket"; exit;;
    --) shift; break;;
    -o) shift;;
  esac
  shift
done
if [ "$master" ]; then : > "$socket"; trap 'rm -f "$socket"; echo ended >> "$0.log"; exit 0' TERM; while :; do sleep 0.05; done; fi
to=$1
shift
case "$to" in
  # As a shared connection does: whoever ends this program ends neither the command nor its hold on the output.
  *kept*) setsid sh -c "$*" & wait;;
  *) exec sh -c "$*";;
esac
`
let dir = ''
let fake = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nd-ssh-'))
  fake = join(dir, 'ssh')
  await writeFile(fake, program)
  await chmod(fake, 0o755)
})
afterAll(() => rm(dir, { recursive: true, force: true }))
const machine = (address: string): Machine => ({ id: address, name: address, address, here: false })

describe('commands through ssh', () => {
  it('arrive word by word, over one connection', async () => {
    const shell = ssh('me@{address}', { program: fake })
    const hostile = ["it's", '$(id)', '*', '', 'a b', '"', '日本']
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => shell.run(machine('10.0.0.1'), ['printf', '%s|', ...hostile])),
    )
    for (const reply of replies)
      expect(reply).toMatchObject({ status: 0, body: hostile.map((word) => `${word}|`).join('') })
    expect(await shell.run(machine('10.0.0.1'), ['sh', '-c', 'echo oops >&2; exit 3'])).toMatchObject({
      status: 3,
      stderr: 'oops\n',
    })
    expect((await shell.run(machine('10.0.0.1'), ['cat'], { input: 'X-Token: t\n' })).body).toBe('X-Token: t\n')
    await shell.close()
    const log = await readFile(`${fake}.log`, 'utf8')
    expect(log.match(/ -M /g)).toHaveLength(1)
    expect(log).toContain('BatchMode=yes')
    expect(log).toContain(' -- me@10.0.0.1 env LC_ALL=C PATH=')
    expect(log).not.toContain('X-Token')
  })
  it('reach the machine they are for, also when several are dialled at the same moment', async () => {
    await writeFile(`${fake}.log`, '')
    const shell = ssh('me@{address}', { program: fake })
    const machines = Array.from({ length: 5 }, (_, i) => machine(`10.0.0.${i + 1}`))
    await Promise.all(machines.map((each) => shell.run(each, ['true'])))
    await shell.close()
    const masters = (await readFile(`${fake}.log`, 'utf8')).split('\n').filter((line) => line.includes(' -M '))
    expect(new Set(masters.map((line) => / -S (\S+) /.exec(line)?.[1])).size).toBe(5)
  })
  it('leave no connection behind, however the program ends', async () => {
    const own = join(dir, 'own-ssh')
    await copyFile(fake, own)
    const before = process.listeners('exit')
    const shell = ssh('me@{address}', { program: own })
    await Promise.all(['10.0.0.1', '10.0.0.2'].map((address) => shell.run(machine(address), ['true'])))
    for (const listener of process.listeners('exit')) if (!before.includes(listener)) listener(0)
    await soon(async () => expect((await readFile(`${own}.log`, 'utf8')).match(/^ended$/gm)).toHaveLength(2))
    await shell.close()
    // Whoever still waits for a turn dials no machine anew.
    expect((await shell.run(machine('10.0.0.1'), ['true'])).refusal?.why).toBe('not-asked')
  })
  it('that cannot get in keep the reason', async () => {
    const shell = ssh('root@{address}', { program: fake })
    expect((await shell.run(machine('refusing'), ['ip'])).refusal).toEqual({
      why: 'denied',
      detail: 'ssh root@refusing: root@refusing: Permission denied (publickey)',
    })
    const unknown = await shell.run(machine('unknown'), ['ip'])
    expect(unknown.refusal).toMatchObject({
      why: 'denied',
      detail: expect.stringContaining('accept its host key') as string,
    })
    const changed = (await shell.run(machine('changed'), ['ip'])).refusal?.detail
    expect(changed).toContain('Host key verification failed. The key of this host has CHANGED')
    expect(changed).not.toContain('accept its host key')
    await shell.close()
    const missing = ssh('x@{address}', { program: join(dir, 'no-such-ssh') })
    expect((await missing.run(machine('10.0.0.1'), ['ip'])).refusal?.why).toBe('unsupported')
    await missing.close()
  })
  it('that do not end are late in time, and are not left running there', async () => {
    const shell = ssh('me@{address}', { program: fake })
    await shell.run(machine('kept'), ['true'])
    const started = join(dir, 'started')
    const hangs = ['sh', '-c', 'echo $$ > "$0"; sleep 100', started]
    const start = performance.now()
    const reply = await shell.run(machine('kept'), hangs, { timeout: 2000 })
    expect(performance.now() - start).toBeLessThan(30_000)
    expect(reply.stderr).toMatch(/^timed out: /)
    const pid = Number(await readFile(started, 'utf8'))
    expect(pid).toBeGreaterThan(1)
    await soon(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'))
    await shell.close()
  })
  it('run as they are on a machine whose timeout reads its arguments otherwise', async () => {
    const tools = join(dir, 'old')
    await mkdir(tools)
    await writeFile(join(tools, 'timeout'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    const old = join(dir, 'old-ssh')
    await writeFile(
      old,
      program.replace('exec sh -c "$*"', `exec sh -c "$(printf %s "$*" | sed 's|PATH=|PATH=${tools}:|')"`),
      { mode: 0o755 },
    )
    const shell = ssh('me@{address}', { program: old })
    expect(await shell.run(machine('10.0.0.1'), ['printf', '%s|', "it's", ''])).toMatchObject({
      status: 0,
      body: "it's||",
    })
    expect((await shell.run(machine('10.0.0.1'), ['no-such-program'])).status).toBe(127)
    await shell.close()
  })
  it('are not sent to a name that is no host', async () => {
    const shell = ssh('{name}', { program: fake })
    expect((await shell.run({ ...machine('10.0.0.1'), name: '-oProxyCommand=id' }, ['ip'])).refusal?.why).toBe(
      'not-asked',
    )
    await shell.close()
  })
})
