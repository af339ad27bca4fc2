import { Text, useAnimation, useIsScreenReaderEnabled } from 'ink'
import type { ReactNode } from 'react'
import { useLook } from './look.tsx'

/** Turns only while something is really happening: whoever shows it unmounts it when nothing is. */
export function Spinner(): ReactNode {
  const { marks, palette } = useLook()
  const spoken = useIsScreenReaderEnabled()
  const { frame } = useAnimation({ interval: 100, isActive: !spoken })
  return <Text {...palette.accent}>{spoken ? '' : marks.spinner[frame % marks.spinner.length]}</Text>
}
