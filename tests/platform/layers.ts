/**
 * Who may import whom, as one table: `.oxlintrc.json` takes its overrides from here (`npm run layers` writes them), since
 * overrides of oxlint replace each other and each must therefore say everything that holds for its files.
 *
 *     core < platform < engine < http < reads and the rooms of the domain < application
 *     within the engine: model < views < deciding < the files at its top, and model < storage
 */

/** Folders that others enter by their index.ts alone. */
export const LIBRARIES = ["core", "engine", "http"];
export const ROOMS = [
  ...["audit", "demo", "docs", "enrolments", "fhir", "messages", "pathways", "patients", "people", "reads", "sites"],
  ...["tasks", "timers"],
];
const MODULES = [...LIBRARIES, ...ROOMS];

/** Everything above each layer. */
const APPLICATION = ["app.module", "application", "cli", "entities", "main", "web"];
const ABOVE = {
  core: ["platform", "engine", "http", ...ROOMS, ...APPLICATION],
  platform: ["engine", "http", ...ROOMS, ...APPLICATION],
  engine: ["http", ...ROOMS, ...APPLICATION],
  http: [...ROOMS, ...APPLICATION],
  rooms: APPLICATION,
};

interface Pattern {
  group?: string[];
  regex?: string;
  message: string;
}

/**
 * Later overrides replace earlier ones, so that the general stands before the particular. In one override the patterns
 * with exceptions (`!`) stand last: what one of them excepts is not asked about any further.
 */
export function overrides(): object[] {
  return [
    imports(["src/*.ts"], [connection(), face()]),
    imports(["src/cli/**/*.ts"], [face()]),
    imports(["src/*/**/*.ts"], [above("rooms"), connection(), face()], { except: ["src/cli/**"] }),
    imports(["src/reads/**/*.ts", "src/timers/**/*.ts"], [above("rooms"), face()]),
    imports(["src/*/*.schemas.ts"], [schemas()]),
    imports(["src/http/**/*.ts"], [above("http"), connection(), face()], { except: ["src/http/*.schemas.ts"] }),
    imports(["src/platform/**/*.ts"], [above("platform"), face()]),
    imports(["src/engine/**/*.ts"], [above("engine"), connection(), face()]),
    imports(["src/engine/assemble.ts", "src/engine/engine.module.ts"], [above("engine"), face()]),
    engine("model", []),
    engine("views", ["../model/**"]),
    engine("deciding", ["../model/**", "../views/**"]),
    engine("storage", ["../model/**", "../store.js", "../crash-points.js"]),
    engine("storage/entities", ["../../model/**"]),
    core(),
    {
      files: ["tests/**/*.ts", "tests/**/*.mjs"],
      rules: { "typescript/no-explicit-any": "off", "unicorn/no-thenable": "off" },
    },
  ];
}

function imports(files: string[], patterns: Pattern[], { except = [] as string[] } = {}): object {
  return {
    files,
    ...(except.length > 0 && { excludeFiles: except }),
    rules: { "eslint/no-restricted-imports": ["error", { patterns }] },
  };
}

/** Around a module's index.ts. */
function face(): Pattern {
  const modules = `{${MODULES.join(",")}}`;
  return {
    group: [`./${modules}/**`, `../**/${modules}/**`, `!**/${modules}/index.js`],
    message: "Only its index.ts is a module's public face.",
  };
}

function above(layer: keyof typeof ABOVE): Pattern {
  const names = ABOVE[layer].map((name) => name.replace(".", "\\."));
  return {
    regex: `^(\\.\\./)+(${names.join("|")})(/.*)?\\.js$`,
    message: "A layer imports only from itself and from what lies beneath it.",
  };
}

/** Between those who ask and the connections: whoever holds one writes past the engine, or reads past the gate. */
function connection(): Pattern & { importNames: string[] } {
  return {
    group: ["typeorm"],
    importNames: ["DataSource", "EntityManager", "QueryRunner"],
    message: "Connections are for the platform, the engine's storage and the reads.",
  };
}

/** A browser build takes them. */
function schemas(): Pattern {
  return {
    group: ["*", "!typebox", "!./*.schemas.js", "!../*/*.schemas.js", "!../core/index.js"],
    message: "Schemas import typebox, other schemas and the core: no framework, so that a browser may have them.",
  };
}

/** One folder of the engine, which imports from itself and from what it may take of its neighbours. */
function engine(folder: string, takes: string[]): object {
  const root = "../".repeat(folder.split("/").length + 1);
  const steps = folder.split("/").map((_, step) => "../".repeat(step + 1));
  const around: Pattern = {
    group: [
      ...steps.flatMap((step) => [`${step}*.js`, `${step}*/**`]),
      `!${root}**`,
      ...takes.map((path) => `!${path}`),
    ],
    message: "Within the engine: model < views < deciding < the files at its top, and model < storage.",
  };
  const patterns = [above("engine"), ...(folder.startsWith("storage") ? [] : [connection()]), face(), around];
  return imports([`src/engine/${folder}/*.ts`], patterns);
}

const NO_CLOCK = "The core knows no clock: instants come in as arguments.";
const NEVER_WAITS = "The core never waits.";
const NO_IO = "The core has no I/O.";

const PURE_PACKAGES = ["xstate", "xstate/**", "@marcbachmann/**", "ajv", "ajv/**", "ajv-formats", "yaml"];

function core(): object {
  const pure = ["node:crypto", ...PURE_PACKAGES, "temporal-polyfill", "./**", "../**"];
  return {
    files: ["src/core/**/*.ts"],
    rules: {
      "eslint/no-restricted-imports": [
        "error",
        {
          paths: [
            { name: "node:crypto", allowImportNames: ["createHash"], message: "The core takes ids as arguments." },
          ],
          patterns: [
            { ...above("core"), message: "The core knows nothing around it." },
            {
              group: ["*", "node:*", ...pure.map((name) => `!${name}`)],
              message: "The core is pure: it imports xstate and small libraries only.",
            },
          ],
        },
      ],
      "eslint/no-restricted-globals": [
        "error",
        { name: "Date", message: NO_CLOCK },
        { name: "performance", message: NO_CLOCK },
        { name: "process", message: "The core knows no process." },
        { name: "setTimeout", message: NEVER_WAITS },
        { name: "setInterval", message: NEVER_WAITS },
        { name: "setImmediate", message: NEVER_WAITS },
        { name: "fetch", message: NO_IO },
        { name: "console", message: NO_IO },
        { name: "crypto", message: "The core takes ids as arguments." },
      ],
      "eslint/no-restricted-properties": [
        "error",
        {
          object: "Math",
          property: "random",
          message: "The core is deterministic: what varies comes in as arguments.",
        },
        { object: "Temporal", property: "Now", message: NO_CLOCK },
      ],
    },
  };
}
