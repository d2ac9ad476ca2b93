// The command line as a function: arguments and streams in, exit code out. Never throws, never exits.

import { type Command, CommanderError } from "commander";
import { UserError, UserErrors } from "../lint/user-error.ts";
import { plainFrame } from "../report/frame.ts";
import { visibleLine, visibleText, withoutOrders } from "../report/visible.ts";
import { startStopwatch, stopStopwatch } from "../source/stopwatch.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { createProgram, joinOverrides, pinOptionalValues, takeProfile } from "./program.ts";
import { version } from "./version.ts";

/** `argv` without the interpreter and the script. */
export async function main(argv: readonly string[], given: Io): Promise<ExitCode> {
  const io = given.env.GITHUB_ACTIONS === "true" ? withTameErrors(given) : given;
  try {
    return await run(argv, io);
  } catch (error) {
    if (error instanceof CommanderError) return finishParsing(error, io);
    if (error instanceof UserErrors) return reportMistakes(error.all, io);
    if (error instanceof UserError) return reportMistakes([error], io);
    return reportBug(error, io);
  }
}

/** What goes wrong names what a pull request holds, and a forge's runner reads it as well. */
function withTameErrors(io: Io): Io {
  return { ...io, stderr: (text) => io.stderr(withoutOrders(text)) };
}

async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let result: ExitCode = exitCode.ok;
  // Each command's module is loaded when it runs: starting up costs what is used.
  const program = createProgram(
    {
      async check(paths, flags, outputs) {
        const { check } = await import("./check.ts");
        const commands = program.commands.map((command) => command.name());
        result = check({ paths, flags, outputs, argv, commands }, io);
      },
      async fleet(path, flags) {
        const { showFleet } = await import("./fleet.ts");
        result = showFleet(path, flags, io);
      },
      async eval(installable, flags) {
        const { evaluate } = await import("./eval.ts");
        result = evaluate(installable, flags, io);
      },
      async explain(rule, flags) {
        const { explain } = await import("./explain.ts");
        result = explain(rule, flags, io);
      },
      async baseline(verb, path, flags) {
        const { changeBaseline } = await import("./baseline.ts");
        result = changeBaseline(verb, path, flags, io);
      },
      async configSchema() {
        const { showSchema } = await import("./config.ts");
        result = showSchema(io);
      },
      async configShow(path, flags) {
        const { showConfig } = await import("./config.ts");
        result = showConfig(path, flags, io);
      },
      async init(path, flags) {
        const { init } = await import("./init.ts");
        result = await init(path, flags, io);
      },
      async rules(flags) {
        const { listRules } = await import("./rules.ts");
        result = listRules(flags, io);
      },
    },
    io.stdout,
  );
  const timing = takeProfile(argv);
  if (timing.isTimed) startStopwatch(() => process.uptime() * 1000);
  try {
    await program.parseAsync(pinOptionalValues(program, joinOverrides(timing.argv)), { from: "user" });
    return result;
  } catch (error) {
    throw error instanceof CommanderError && error.code === "commander.help" ? incomplete(argv, program) : error;
  } finally {
    if (timing.isTimed) io.stderr(showTimes(stopStopwatch()));
  }
}

/** `nixlint baseline` alone. */
function incomplete(argv: readonly string[], program: Command): UserError {
  const command = program.commands.find((one) => argv.includes(one.name()));
  const verbs = command?.commands.map((verb) => `\`${verb.name()}\``) ?? [];
  return new UserError(`\`nixlint ${command?.name()}\` needs one of ${verbs.join(", ")}`);
}

function showTimes(times: ReadonlyMap<string, number>): string {
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times, ["total", total] as const]
    .map(([stage, time]) => `${time.toFixed(1).padStart(9)} ms  ${stage}\n`)
    .join("");
}

/** Help and version end here as well; their text is already out. */
function finishParsing(error: CommanderError, io: Io): ExitCode {
  if (error.exitCode === 0) return exitCode.ok;
  const [message = "", suggestion = ""] = error.message.replace(/^error: /, "").split("\n");
  const hint = /^\(Did you mean (.*)\?\)$/.exec(suggestion)?.[1];
  return reportMistake(
    { message, hint: hint ? `did you mean \`${hint}\`?` : "`nixlint --help` lists commands and flags", place: null },
    io,
  );
}

function reportMistakes(mistakes: readonly UserError[], io: Io): ExitCode {
  mistakes.forEach((mistake, index) => {
    if (index > 0) io.stderr("\n");
    reportMistake(mistake, io);
  });
  return exitCode.failure;
}

function reportMistake({ message, hint, place }: Pick<UserError, "message" | "hint" | "place">, io: Io): ExitCode {
  io.stderr(`nixlint: ${visibleLine(message)}\n`);
  // The frame makes visible what it shows.
  if (place !== null) io.stderr(`${plainFrame(place.source, place.span).join("\n")}\n`);
  if (hint !== null) io.stderr(`hint: ${visibleLine(hint)}\n`);
  return exitCode.failure;
}

function reportBug(error: unknown, io: Io): ExitCode {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr(`${visibleText(stack)}\nnixlint ${version}: this is a bug in nixlint\n`);
  return exitCode.failure;
}
