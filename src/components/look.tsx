import { createContext, useContext } from 'react'
import { lookOf, type Look } from '../theme.ts'

export const LookContext = createContext<Look>(lookOf({ depth: 24, light: false, colour: true, unicode: true }))
export const useLook = (): Look => useContext(LookContext)
