import { homedir } from 'node:os'
import { join } from 'node:path'

/** A folder of ours in the place where this system keeps what can be deleted at any time. */
export function cacheFolder(name: string): string {
  return join(base(), 'nomad-netdoctor', name)
}

function base(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME
  if (process.platform === 'win32' && LOCALAPPDATA) return LOCALAPPDATA
  return process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache')
}
