/** CPU profiles of what is measured, for `--profile <dir>`: one file for each part of a figure. */
import { mkdirSync, writeFileSync } from "node:fs";
import { Session, type Profiler as Inspector } from "node:inspector/promises";
import { join } from "node:path";

export interface ProfileFile {
  figure: string;
  path: string;
}

export class Profiler {
  readonly files: ProfileFile[] = [];
  private readonly session = new Session();
  /** Of a whole figure, under way. */
  private whole = false;

  /** Where the directory is null, work is done and nothing recorded. */
  constructor(
    private readonly directory: string | null,
    private readonly figures: readonly string[],
  ) {
    if (directory !== null) mkdirSync(directory, { recursive: true });
    this.session.connect();
  }

  /** Measures a figure: recorded as a whole, unless the figure says itself which part of it counts. */
  async figure<T>(name: string, work: () => Promise<T> | T): Promise<T> {
    if (this.directory === null) return work();
    await this.start();
    this.whole = true;
    const result = await work();
    if (this.whole) this.keep(name, await this.stop());
    return result;
  }

  /** The part of a figure that counts. Without a name, or where nobody asked for the figure, it is not recorded. */
  async part<T>(figure: string | undefined, work: () => Promise<T>): Promise<T> {
    if (this.directory === null || figure === undefined || !this.figures.includes(figure)) return work();
    await this.leaveOutWhole();
    await this.start();
    const result = await work();
    this.keep(figure, await this.stop());
    return result;
  }

  /** How a figure's other process records itself: for Node's command line. */
  async elsewhere(figure: string): Promise<string[]> {
    if (this.directory === null) return [];
    await this.leaveOutWhole();
    const name = this.next(figure);
    return ["--cpu-prof", "--cpu-prof-dir", this.directory, "--cpu-prof-name", name];
  }

  private async leaveOutWhole(): Promise<void> {
    if (this.whole) await this.stop();
  }

  private async start(): Promise<void> {
    await this.session.post("Profiler.enable");
    await this.session.post("Profiler.start");
  }

  private async stop(): Promise<Inspector.Profile> {
    this.whole = false;
    return (await this.session.post("Profiler.stop")).profile;
  }

  private keep(figure: string, profile: Inspector.Profile): void {
    writeFileSync(join(this.directory!, this.next(figure)), JSON.stringify(profile));
  }

  private next(figure: string): string {
    const number = this.files.filter((file) => file.figure === figure).length + 1;
    const name = `${figure}.${number}.cpuprofile`;
    this.files.push({ figure, path: join(this.directory!, name) });
    return name;
  }
}
