/**
 * The grammar of sequential runs, as naively as it can be said: every session that could follow a history is written out in
 * full, and a session is one of them or a beginning of one.
 *
 * A history is a list of symbols: F PLAN_FROZEN, U RUN_RESUMED, T+ T- TOKEN_VALIDATION, R0 S0 D0 L0 the checks of task 0 (R0-
 * refused), X0 EXECUTION_STARTED, B0 BOUNDARY_VIOLATION, C0 EXECUTION_COMPLETED, A0 and E0 OPERATION_ABORTED (E0 for a
 * violated boundary), N0token EXECUTION_DENIED, K0 EXECUTION_SKIPPED, Q:G APPROVAL_REQUESTED, Y:G and J:G APPROVAL_RECORDED
 * (approve, reject), P0 and P:G RUN_STOPPED, M:routing CONTRACT_VERDICT, V RUN_VOIDED, Z:completed RUN_SEALED.
 */
import type { Plan } from "@canonic/contracts";

const CHECKS = [
  ["R", "routing"],
  ["S", "scope"],
  ["D", "drift"],
  ["L", "limit"],
] as const;

/** All sessions that could follow, each to its end; tasks stand in groups of one. */
export function sessionsAfter(plan: Plan, history: readonly string[]): string[][] {
  const count = plan.tasks.length;
  const isStop = plan.onFailure === "stop";
  const rejected = history.some((symbol) => symbol.startsWith("J:"));
  const failure = isStop ? undefined : history.find((symbol) => /^[AEN]\d/.test(symbol));
  const isOver = (task: number) =>
    history.some((symbol) =>
      (isStop ? [`C${task}`, `K${task}`] : [`C${task}`, `K${task}`, `A${task}`, `E${task}`]).includes(symbol),
    ) ||
    (!isStop && history.some((symbol) => symbol.startsWith(`N${task}`)));
  const open = Array.from({ length: count }, (_, task) => task).filter((task) => !isOver(task));
  const skips = (tasks: readonly number[], status: string) => [...tasks.map((task) => `K${task}`), `Z:${status}`];
  const statusAfter = (symbol: string) => (symbol.startsWith("N") ? "denied" : "failed");

  const failed = (task: number, how: string): string[] => {
    const rest = open.filter((other) => other > task);
    if (rejected) return skips(rest, "rejected");
    return isStop ? [`P${task}`] : skips(rest, statusAfter(failure ?? how));
  };

  const work = (task: number): string[][] => {
    if (rejected) return [skips(open, "rejected")];
    if (failure !== undefined) return [skips(open, statusAfter(failure))];
    if (task === count) {
      const due = plan.expect.contracts.map((name) => `M:${name}`).filter((symbol) => !history.includes(symbol));
      return [[...due, "Z:completed"]];
    }
    const gate = plan.gates.find(({ before, name }) => before === task && !history.includes(`Y:${name}`));
    if (gate === undefined) return execute(task);
    const asked = history.includes(`Q:${gate.name}`) ? [] : [`Q:${gate.name}`];
    const rest = open.filter((other) => other >= task);
    return [
      [...asked, `J:${gate.name}`, ...skips(rest, "rejected")],
      [...asked, `P:${gate.name}`],
      ...execute(task).map((session) => [...asked, `Y:${gate.name}`, ...session]),
    ];
  };

  const execute = (task: number): string[][] => {
    const hasRecheck = plan.rechecks.some(({ before }) => before === task);
    const sessions: string[][] = [];
    const passed: string[] = [];
    for (const [check, stage] of CHECKS) {
      if (check === "D" && !hasRecheck) continue;
      const denial = `N${task}${stage}`;
      sessions.push([...passed, `${check}${task}-`, denial, ...failed(task, denial)]);
      passed.push(`${check}${task}`);
    }
    passed.push(`X${task}`);
    sessions.push(
      [...passed, `A${task}`, ...failed(task, "A")],
      [...passed, `B${task}`, `E${task}`, ...failed(task, "E")],
    );
    return [...sessions, ...work(task + 1).map((session) => [...passed, `C${task}`, ...session])];
  };

  const [first] = open;
  const begun = work(first ?? count);
  const refused = first === undefined ? begun : [[`N${first}token`, ...failed(first, "N")]];
  return [...begun.map((session) => ["T+", ...session]), ...refused.map((session) => ["T-", ...session])];
}

/** True for a history that follows the plan, sealed or not. */
export function isRun(plan: Plan, symbols: readonly string[]): boolean {
  if (symbols[0] !== "F") return false;
  const voided = symbols.indexOf("V");
  if (voided >= 0) {
    const end = symbols.slice(voided + 1).join(" ");
    const before = symbols.slice(0, voided);
    return (
      (end === "" || end === "Z:voided") && !before.some((symbol) => symbol.startsWith("Z")) && isRun(plan, before)
    );
  }
  let done = ["F"];
  const parts = symbols.slice(1).join(" ").split("U");
  return parts.every((part, index) => {
    const session = part.split(" ").filter((symbol) => symbol !== "");
    const isBeginning = sessionsAfter(plan, done).some(
      (whole) => whole.slice(0, session.length).join() === session.join(),
    );
    const isEnded = session.some((symbol) => symbol.startsWith("Z"));
    done = [...done, ...session, "U"];
    return isBeginning && (!isEnded || index === parts.length - 1);
  });
}
