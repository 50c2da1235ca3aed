/** Classes, fees, accounts, caps, figures, indices and notices of a deal file as terms. */
import { compileExpression } from "./compile-expression.ts";
import { couponScheduleName } from "./compile-schedules.ts";
import type { ClassEntry, DealFile, FeeEntry } from "./deal-file.ts";
import type * as shape from "./deal-terms.ts";
import { resolveName, scopeAt } from "./expression-scope.ts";
import type { DealScope } from "./expression-scope.ts";
import { OPCODE } from "./terms-format.ts";

/** A coupon that is not fixed, as the expression that gives its annual rate. */
function compileCoupon(
  scope: DealScope,
  { name, coupon }: ClassEntry,
  schedules: readonly shape.ScheduleTerms[],
): shape.Expression | null {
  const constant = (value: bigint) => ({
    code: OPCODE.CONST,
    operand: scope.literal(value, "rate"),
  });
  const operator = (code: number) => ({ code, operand: 0 });
  switch (coupon.kind) {
    case "fixed":
      return null;
    case "expression":
      return compileExpression(scopeAt(scope, "coupon"), coupon.expression);
    case "steps": {
      const own = schedules.findIndex((schedule) => schedule.name === couponScheduleName(name));
      return [{ code: OPCODE.SCHED, operand: own }];
    }
    default: {
      const { index, place, margin, floor, cap } = coupon;
      const figure = resolveName(scope, scope.names.indices, { kind: "index", name: index, place });
      const rate = [
        { code: OPCODE.FIGURE, operand: figure },
        constant(margin),
        operator(OPCODE.ADD),
      ];
      if (floor !== null) rate.push(constant(floor), operator(OPCODE.MAX));
      if (cap !== null) rate.push(constant(cap), operator(OPCODE.MIN));
      return rate;
    }
  }
}

export function compileClasses(
  scope: DealScope,
  file: DealFile,
  schedules: readonly shape.ScheduleTerms[],
): shape.ClassTerms[] {
  return file.classes.map((entry, i) => {
    const { availableFundsCap: cap, coupon } = entry;
    return {
      name: entry.name,
      seniority: entry.seniority,
      faceCents: entry.faceCents,
      couponWad: coupon.kind === "fixed" ? coupon.wad : 0n,
      coupon: compileCoupon(scope, entry, schedules),
      availableFundsCap: cap === null ? null : compileExpression(scopeAt(scope, "coupon"), cap),
      basis: scope.basis(entry),
      rounding: entry.rounding,
      interestOnShortfall: entry.interestOnShortfall,
      interestOnDeferred: entry.interestOnDeferred,
      interestOnCarryOver: entry.interestOnCarryOver,
      deferrable: entry.defers,
      componentOrder: entry.componentOrder,
      lanes: scope.names.classFacts[i]?.lanes ?? { deferred: null, carryOver: null, pik: null },
      finalDay: entry.finalDay,
    };
  });
}

type FeeWorth = Pick<
  shape.FeeTerms,
  "kind" | "amount" | "basis" | "rounding" | "baseFigure" | "expression"
>;

function compileFeeAmount(scope: DealScope, { amount }: FeeEntry): FeeWorth {
  const plain = { basis: 0, rounding: "half-up", baseFigure: null, expression: null } as const;
  const own = scopeAt(scope, "fee");
  if (amount.kind === "fixed") return { ...plain, kind: "fixed", amount: amount.cents };
  if (amount.kind === "expression") {
    const expression = compileExpression(own, amount.expression);
    return { ...plain, kind: "expression", amount: 0n, expression };
  }
  const { wad, rounding, on } = amount;
  const rate = { kind: "rate", amount: wad, rounding, basis: scope.basis(amount) } as const;
  if (on.kind === "expression") {
    return { ...rate, baseFigure: null, expression: compileExpression(own, on.expression) };
  }
  const what = { kind: "reported figure", name: on.name, place: on.place };
  return { ...rate, baseFigure: resolveName(scope, scope.names.figures, what), expression: null };
}

export function compileFees(scope: DealScope, file: DealFile): shape.FeeTerms[] {
  const { payees, caps } = scope.names;
  return file.fees.map((fee) => ({
    name: fee.name,
    ...compileFeeAmount(scope, fee),
    payee: payees.get(fee.payee) ?? 0,
    cap: fee.cap === null ? null : (caps.get(fee.cap) ?? 0),
  }));
}

export function compileAccounts(scope: DealScope, file: DealFile): shape.AccountTerms[] {
  return file.accounts.map(({ name, retained, facilityLimitCents, receives, ...account }) => ({
    name,
    retained,
    facility: facilityLimitCents !== null,
    receives:
      receives === null
        ? null
        : resolveName(scope, scope.names.figures, {
            kind: "reported figure",
            name: receives.text,
            place: receives,
          }),
    initialDepositCents: account.initialDepositCents,
  }));
}

export function compileNotices(scope: DealScope, file: DealFile): shape.NoticeTerms[] {
  return file.notices.map(({ name, by, kind }) => ({
    name,
    payee:
      by === null
        ? null
        : resolveName(scope, scope.names.payees, { kind: "payee", name: by.text, place: by }),
    kind,
  }));
}

export function compileIndices(file: DealFile): shape.IndexTerms[] {
  return file.indices.flatMap(({ name, feed }) =>
    feed === null
      ? []
      : [
          {
            name,
            feedDecimals: feed.decimals,
            unit: feed.unit,
            maxAgeSeconds: feed.maxAgeSeconds,
            initialRateWad: feed.initialRateWad,
          },
        ],
  );
}
