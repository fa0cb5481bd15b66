/** A byte that is not UTF-8; line and byte within it are counted from 1. */
export interface BadByte {
  fault: string;
  line?: number;
  byte?: number;
}

/** The text of bytes that came from outside, without a byte order mark; or why they are none. */
export function readUtf8(bytes: Uint8Array): { text: string } | BadByte {
  const other = otherEncoding(bytes);
  if (other !== undefined) return { fault: `The text is ${other}: save and send it as UTF-8.` };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    const before = bytes.subarray(0, firstBadByte(bytes));
    const line = before.reduce((lines, byte) => (byte === LINE_FEED ? lines + 1 : lines), 1);
    const byte = before.length - before.lastIndexOf(LINE_FEED);
    return { fault: `Byte ${byte} of line ${line} is not UTF-8: save and send the text as UTF-8.`, line, byte };
  }
}

const LINE_FEED = 0x0a;

/** By its mark; without one, by the zero beside the first character, which in JSON and YAML is of ASCII. */
function otherEncoding([first, second, third, fourth]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? "UTF-32" : "UTF-16";
  if (first === 0xfe && second === 0xff) return "UTF-16";
  if (first === 0 && second === 0) return "UTF-32";
  if (first === undefined || second === undefined || (first === 0) === (second === 0)) return undefined;
  return second === 0 && third === 0 && fourth === 0 ? "UTF-32" : "UTF-16";
}

/** The decoder's replacement character stands where the bytes are wrong; in right bytes it is written out. */
function firstBadByte(bytes: Uint8Array): number {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const encoder = new TextEncoder();
  let offset = 0;
  for (let from = 0; ;) {
    const at = text.indexOf("\ufffd", from);
    offset += encoder.encode(text.slice(from, at)).length;
    const [first, second, third] = bytes.subarray(offset, offset + 3);
    if (first !== 0xef || second !== 0xbf || third !== 0xbd) return offset;
    offset += 3;
    from = at + 1;
  }
}
