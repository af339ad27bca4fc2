#!/usr/bin/env node
// Starts the program on a Node.js that is new enough: this one, or the one that the development tools bring along.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major > 22 || (major === 22 && minor >= 18)) await start()
else await restart()

async function start() {
  const program = new URL('../dist/main.js', import.meta.url)
  try {
    await import(program.href)
  } catch (error) {
    const { existsSync } = await import('node:fs')
    if (existsSync(program)) throw error
    stop('nomad-netdoctor is not built yet: run "npm run build" in its folder first.')
  }
}

async function restart() {
  const executable = process.env.NETDOCTOR_RESTARTED ? undefined : await newerNode()
  if (!executable) return stop(`nomad-netdoctor needs Node.js 22.18 or newer, and this is ${process.versions.node}.`)

  const { spawn } = await import('node:child_process')
  const { fileURLToPath } = await import('node:url')
  const child = spawn(executable, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, NETDOCTOR_RESTARTED: '1' },
  })
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => stop(`nomad-netdoctor could not start ${executable}: ${error.message}`))
  child.on('exit', (code, signal) => {
    for (const name of signals) process.removeAllListeners(name)
    if (signal) process.kill(process.pid, signal)
    else process.exitCode = code ?? 70
  })
}

async function newerNode() {
  const { createRequire } = await import('node:module')
  const require = createRequire(import.meta.url)
  const [system, file] = process.platform === 'win32' ? ['win', 'node.exe'] : [process.platform, 'node']
  for (const name of [`node-${system}-${process.arch}`, `node-bin-${system}-${process.arch}`]) {
    try {
      return require.resolve(`${name}/bin/${file}`)
    } catch {
      // Not installed for this platform: try the next name.
    }
  }
  return undefined
}

/** @param {string} message */
function stop(message) {
  process.stderr.write(`${message}\n`)
  process.exitCode = 2
}
