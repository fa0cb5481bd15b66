import { readdir, readFile } from "node:fs/promises";
import { WrongFile } from "./answered.js";

const REASONS: Record<string, string> = {
  EISDIR: "it is a folder",
  ENOTDIR: "it is no folder",
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
};

/** The text of a file; `-` is the standard input. */
export async function readText(file: string): Promise<string> {
  return readFile(file === "-" ? "/dev/stdin" : file, "utf8").catch(unreadable(file, "there is no such file"));
}

export async function readNames(folder: string): Promise<string[]> {
  return readdir(folder).catch(unreadable(folder, "there is no such folder"));
}

function unreadable(path: string, missing: string): (error: NodeJS.ErrnoException) => never {
  return ({ code = "" }) => {
    throw new WrongFile(`${path} cannot be read: ${code === "ENOENT" ? missing : (REASONS[code] ?? code)}.`);
  };
}
