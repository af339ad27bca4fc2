import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import * as ip from '../../src/packet/ipaddr.ts'

test('addresses', () => {
  expect(ip.parseAddress('172.26.64.2')).toEqual({ family: 4, value: 0xac1a4002n })
  expect(ip.parseAddress('::1')).toEqual({ family: 6, value: 1n })
  expect(ip.parseAddress('fe80::1%eth0')).toEqual({ family: 6, value: (0xfe80n << 112n) | 1n })
  expect(ip.parseAddress('::ffff:10.0.0.1')).toEqual({ family: 6, value: 0xffff0a000001n })
  for (const text of [
    '',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4.5',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8:9',
    'g::1',
    '::1.2.3',
    '12345::',
  ])
    expect(ip.parseAddress(text), text).toBeUndefined()
})

test('networks', () => {
  expect(ip.parseNetwork('172.26.64.5/20')).toEqual({ family: 4, base: 0xac1a4000n, prefix: 20 })
  expect(ip.parseNetwork('10.0.0.0/255.0.0.0')).toMatchObject({ prefix: 8 })
  expect(ip.parseNetwork('fd00:cafe::/64')).toMatchObject({ family: 6, prefix: 64 })
  for (const text of ['10.0.0.0/33', '10.0.0.0/255.0.255.0', '10.0.0.0/8/8', '10.0.0.0/', 'default', '::/129'])
    expect(ip.parseNetwork(text), text).toBeUndefined()
})

test('relations', () => {
  expect(ip.contains('172.26.64.0/20', '172.26.79.255')).toBe(true)
  expect(ip.contains('172.26.64.0/20', '172.26.80.0')).toBe(false)
  expect(ip.contains('0.0.0.0/0', '::1')).toBe(false)
  expect(ip.contains('10.0.0.0/8', '::ffff:10.1.1.1')).toBe(true)
  expect(ip.contains('10.0.0.0/8', 'nonsense')).toBe(false)
  expect(ip.overlap('172.26.64.0/20', '172.26.0.0/16')).toBe(true)
  expect(ip.overlap('172.26.64.0/20', '172.26.80.0/20')).toBe(false)
  expect(ip.equal('fd00:0::1', 'fd00::1')).toBe(true)
  expect(ip.equal('::ffff:10.0.0.1', '10.0.0.1')).toBe(true)
  expect(ip.familyOf('::ffff:10.0.0.1')).toBe(4)
})

test('kinds of address', () => {
  expect([ip.isLoopback('127.9.9.9'), ip.isLoopback('::1'), ip.isLoopback('10.0.0.1')]).toEqual([true, true, false])
  expect([ip.isPrivate('172.31.0.1'), ip.isPrivate('172.32.0.1'), ip.isPrivate('fd00::1')]).toEqual([true, false, true])
  expect([
    ip.isLinkLocal('169.254.1.1'),
    ip.isLinkLocal('fe80::1'),
    ip.isUnspecified('::'),
    ip.isMulticast('224.0.0.22'),
  ]).toEqual([true, true, true, true])
})

test('every address is in its own networks and equal to itself', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 0, max: 128 }), (address, length) => {
      const prefix = Math.min(length, ip.parseAddress(address)?.family === 4 ? 32 : 128)
      return (
        ip.equal(address, address) &&
        ip.contains(`${address}/${prefix}`, address) &&
        ip.overlap(`${address}/${prefix}`, address)
      )
    }),
  )
})
