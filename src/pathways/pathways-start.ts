import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { Inject, Injectable, type OnModuleInit } from "@nestjs/common";
import { formatFault, parseDocument, type Parsed } from "../core/index.js";
import { StartError } from "../platform/start-error.js";
import { BootCheck } from "./boot-check.js";
import { PathwayRegistry } from "./pathway-registry.js";
import { compareVersions } from "./versions.js";

/** The folder whose documents, `<id>/<version>.yaml`, are published at the start. */
export const PATHWAYS_FOLDER = Symbol("PathwaysFolder");

const BY = "pathkeeper";

/** Publishes what the installation brings along, then checks that everybody's version is there. */
@Injectable()
export class PathwaysStart implements OnModuleInit {
  constructor(
    private readonly registry: PathwayRegistry,
    private readonly check: BootCheck,
    @Inject(PATHWAYS_FOLDER) private readonly folder: string,
  ) {}

  async onModuleInit(): Promise<void> {
    for (const file of await documents(this.folder)) await this.publish(file);
    await this.check.run();
  }

  private async publish(file: string): Promise<void> {
    const name = relative(process.cwd(), file);
    const parsed = parseDocument(await readFile(file, "utf8"));
    this.refuseMisplaced(file, name, parsed);
    const publication = await this.registry.publishParsed(parsed, BY);
    if (publication.kind === "faulty") {
      throw new StartError(publication.faults.map((fault) => formatFault(fault, name)).join("\n"));
    }
    if (publication.kind === "exists") {
      const { id, version } = publication;
      throw new StartError(
        `${name} is not what was published as ${id}@${version}: undo the change, or raise its version.`,
      );
    }
  }

  /** What is published is never taken back: a slip in the file's name or in its first lines is told before. */
  private refuseMisplaced(file: string, name: string, { document }: Parsed): void {
    if (!document) return;
    const { id, version } = document;
    if (relative(this.folder, file) === join(id, `${version}.yaml`)) return;
    throw new StartError(
      `${name} holds ${id}@${version}: move it to ${id}/${version}.yaml, or mend its id and version.`,
    );
  }
}

/** Older versions first, so that they are published in their order. */
async function documents(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".yaml") && entry.parentPath !== folder)
    .map((entry) => join(entry.parentPath, entry.name))
    .sort(compareVersions);
}
