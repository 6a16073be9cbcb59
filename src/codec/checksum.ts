// XXH32 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md), seed 0. Four independent lanes keep it at
// memory speed in JavaScript, where a table-driven CRC is several times slower.

const P1 = 0x9e3779b1
const P2 = 0x85ebca77
const P3 = 0xc2b2ae3d
const P4 = 0x27d4eb2f
const P5 = 0x165667b1

/** The 32-bit checksum of the bytes from `start` (a multiple of 4 in the buffer) to their end. */
export function checksum(bytes: Uint8Array, start = 0): number {
  const length = bytes.byteLength - start
  const offset = bytes.byteOffset + start
  const words = new Uint32Array(bytes.buffer, offset, length >>> 2)
  let hash: number
  let word = 0
  if (length >= 16) {
    let a = (P1 + P2) | 0
    let b = P2 | 0
    let c = 0
    let d = -P1 | 0
    for (const last = words.length - 3; word < last; word += 4) {
      a = lane(a, words[word]!)
      b = lane(b, words[word + 1]!)
      c = lane(c, words[word + 2]!)
      d = lane(d, words[word + 3]!)
    }
    hash = (rotl(a, 1) + rotl(b, 7) + rotl(c, 12) + rotl(d, 18)) | 0
  } else {
    hash = P5
  }
  hash = (hash + length) | 0
  for (; word < words.length; word++) {
    hash = Math.imul(rotl((hash + Math.imul(words[word]!, P3)) | 0, 17), P4)
  }
  for (let at = start + word * 4; at < bytes.byteLength; at++) {
    hash = Math.imul(rotl((hash + Math.imul(bytes[at]!, P5)) | 0, 11), P1)
  }
  hash = Math.imul(hash ^ (hash >>> 15), P2)
  hash = Math.imul(hash ^ (hash >>> 13), P3)
  return (hash ^ (hash >>> 16)) >>> 0
}

function lane(accumulator: number, word: number): number {
  return Math.imul(rotl((accumulator + Math.imul(word, P2)) | 0, 13), P1)
}

function rotl(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}
