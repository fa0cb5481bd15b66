import { readdir, readFile } from "node:fs/promises";
import { readUtf8 } from "../core/index.js";
import { WrongFile } from "./answered.js";

const REASONS: Record<string, string> = {
  EISDIR: "it is a folder",
  ENOTDIR: "it is no folder",
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
};

/** The text of a file, which is UTF-8; `-` is the standard input. */
export async function readText(file: string): Promise<string> {
  const bytes = await readFile(file === "-" ? "/dev/stdin" : file).catch(unreadable(file, "there is no such file"));
  const read = readUtf8(bytes);
  if ("text" in read) return read.text;
  const { line, byte, fault } = read;
  throw new WrongFile(`${[file, line, byte].filter((part) => part !== undefined).join(":")}: ${fault}`);
}

export async function readNames(folder: string): Promise<string[]> {
  return readdir(folder).catch(unreadable(folder, "there is no such folder"));
}

function unreadable(path: string, missing: string): (error: NodeJS.ErrnoException) => never {
  return ({ code = "" }) => {
    throw new WrongFile(`${path} cannot be read: ${code === "ENOENT" ? missing : (REASONS[code] ?? code)}.`);
  };
}
