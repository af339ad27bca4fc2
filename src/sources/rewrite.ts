import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sayError } from './reply.ts'

/**
 * Replaces the text of a file in one step: either the new text is there, or the old one. A link keeps pointing at the file
 * it names; mode and owner stay. Not done when the file holds something else by now. Gives why it was not done.
 */
export async function rewrite(name: string, before: string, after: string): Promise<string | undefined> {
  let beside: string | undefined
  try {
    const target = await realpath(name)
    const found = await stat(target)
    if (!found.isFile()) return 'it is a pipe or a device, not a file'
    const { mode, uid, gid } = found
    const bytes = await readFile(target)
    const raw = bytes.toString('utf8')
    if (!Buffer.from(raw).equals(bytes)) return 'it holds bytes that are not UTF-8'
    const mark = raw.startsWith('\uFEFF') ? '\uFEFF' : ''
    if (raw !== `${mark}${before}`) return 'it was changed by somebody else meanwhile'
    beside = join(dirname(target), `.${crypto.randomUUID()}.nomad-netdoctor`)
    const file = await open(beside, 'wx', 0o600)
    try {
      await file.writeFile(`${mark}${after}`)
      const own = await file.stat()
      if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid)
      await file.chmod(mode & 0o7777)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, target)
    return undefined
  } catch (error) {
    if (beside !== undefined) await rm(beside, { force: true })
    return sayError(error)
  }
}
