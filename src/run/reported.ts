import type { Ask } from '../ask/request.ts'
import type { Aim } from '../derive/things.ts'
import type { Report } from '../knowledge/report.ts'
import type { Told } from '../knowledge/told.ts'
import type { Progress } from './look.ts'
import { gather, picture } from './loop.ts'
import { mended, type FileReader } from './mend.ts'

/** All of one question: looks until nothing more can be learnt, judges, and tries the edits, which asks the servers again. */
export async function reported(
  aim: Aim,
  { ask, told, progress }: { readonly ask: Ask; readonly told: Told; readonly progress?: Progress },
  reader: () => Promise<FileReader>,
): Promise<Report> {
  const facts = await gather(aim, ask, new Map(), () => told, progress)
  return mended(picture(aim, facts, told), { aim, facts, told, ask }, reader)
}
