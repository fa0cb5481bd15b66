import { readdir, readFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { Inject, Injectable, type OnModuleInit } from "@nestjs/common";
import { type Fault, formatFault, parseCatalogue, parseDocument, type Parsed } from "../core/index.js";
import { StartError } from "../platform/start-error.js";
import { BootCheck } from "./boot-check.js";
import { CatalogueRegistry } from "./catalogue-registry.js";
import { PathwayRegistry } from "./pathway-registry.js";
import { compareVersions } from "./versions.js";

/** The folder whose documents, `<id>/<version>.yaml`, and catalogues, `<id>/<version>.<language>.yaml`, are published at the start. */
export const PATHWAYS_FOLDER = Symbol("PathwaysFolder");

const BY = "pathkeeper";

/** Publishes what the installation brings along, then checks that everybody's version is there. */
@Injectable()
export class PathwaysStart implements OnModuleInit {
  constructor(
    private readonly registry: PathwayRegistry,
    private readonly catalogues: CatalogueRegistry,
    private readonly check: BootCheck,
    @Inject(PATHWAYS_FOLDER) private readonly folder: string,
  ) {}

  async onModuleInit(): Promise<void> {
    const files = await yamlFiles(this.folder);
    const isCatalogue = (file: string): boolean => CATALOGUE.test(basename(file));
    for (const file of files.filter((file) => !isCatalogue(file))) await this.publish(file);
    for (const file of files.filter(isCatalogue)) await this.publishWords(file);
    await this.check.run();
  }

  private async publish(file: string): Promise<void> {
    const name = relative(process.cwd(), file);
    const parsed = parseDocument(await readFile(file, "utf8"));
    this.refuseMisplaced(file, name, parsed);
    const publication = await this.registry.publishParsed(parsed, BY);
    if (publication.kind === "faulty") throw faultsIn(name, publication.faults);
    if (publication.kind === "exists") {
      const { id, version } = publication;
      throw new StartError(
        `${name} is not what was published as ${id}@${version}: undo the change, or raise its version.`,
      );
    }
  }

  private async publishWords(file: string): Promise<void> {
    const name = relative(process.cwd(), file);
    const parsed = parseCatalogue(await readFile(file, "utf8"));
    const { catalogue, faults } = parsed;
    if (!catalogue) throw faultsIn(name, faults);
    const { pathway, version, language } = catalogue;
    if (relative(this.folder, file) !== join(pathway, `${version}.${language}.yaml`)) {
      const place = `${pathway}/${version}.${language}.yaml`;
      throw new StartError(
        `${name} holds the words of ${pathway}@${version} in ${language}: move it to ${place}, or mend its first lines.`,
      );
    }
    const described = await this.registry.pathway(pathway, version);
    if (!described) throw new StartError(`${name} holds the words of ${pathway}@${version}, which is not published.`);
    const checked = this.catalogues.check(described.document, parsed);
    if (Array.isArray(checked)) throw faultsIn(name, checked);
    await this.catalogues.bring(checked, BY);
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

/** `<version>.<language>.yaml`. */
const CATALOGUE = /^\d+\.\d+\.\d+\.[a-z]{2,3}(-[A-Z]{2})?\.yaml$/;

function faultsIn(name: string, faults: readonly Fault[]): StartError {
  return new StartError(faults.map((fault) => formatFault(fault, name)).join("\n"));
}

/** Older versions first, so that they are published in their order. */
async function yamlFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".yaml") && entry.parentPath !== folder)
    .map((entry) => join(entry.parentPath, entry.name))
    .sort(compareVersions);
}
