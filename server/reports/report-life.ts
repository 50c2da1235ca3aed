/** What became of each version of a period's report that the chain accepted. Pure. */

export interface ReportMove {
  version: number;
  move: "published" | "restated" | "challenged" | "dismissed" | "rejected";
  /** Of the moves that bring a version. */
  reportHash: string | null;
  figures: readonly bigint[] | null;
  /** Who challenged, and for how much of the current principal, cents. */
  party: string | null;
  backingCents: bigint | null;
  /** Hash of the document that says why. */
  reason: string | null;
  movedAt: Date;
  finalAt: Date;
  transactionHash: string;
}

/** A rejected version pays nothing; a replaced one had another put in its place. */
export type VersionStatus = "standing" | "challenged" | "rejected" | "replaced";

export interface VersionLife {
  version: number;
  /** Takes the place of a version that was distributed on. */
  restates: boolean;
  reportHash: string;
  figures: readonly bigint[];
  status: VersionStatus;
  acceptedAt: Date;
  /** From then on nobody can challenge it, and it can be used unless rejected. */
  finalAt: Date;
  moves: readonly ReportMove[];
}

function statusOf(moves: readonly ReportMove[]): VersionStatus {
  const last = moves.at(-1)?.move;
  if (last === "rejected") return "rejected";
  return last === "challenged" ? "challenged" : "standing";
}

/** The versions in the order in which they were brought, of moves in the order of the chain. */
export function followReport(moves: readonly ReportMove[]): VersionLife[] {
  const brought = moves.filter(({ figures }) => figures !== null);
  const lives = brought.map((first): VersionLife => {
    const own = moves.filter(({ version }) => version === first.version);
    return {
      version: first.version,
      restates: first.move === "restated",
      reportHash: first.reportHash ?? "",
      figures: first.figures ?? [],
      status: statusOf(own),
      acceptedAt: first.movedAt,
      finalAt: own.at(-1)?.finalAt ?? first.finalAt,
      moves: own,
    };
  });
  return lives.map((life, i) => {
    // The report that was distributed on stands beside its restatements; both stay readable.
    const isReplaced =
      life.status !== "rejected" &&
      lives
        .slice(i + 1)
        .some(({ restates, status }) => restates === life.restates && status !== "rejected");
    return isReplaced ? { ...life, status: "replaced" } : life;
  });
}

/** Whether nobody can stop a version any more; a challenge without an answer ends by silence. */
export function isFinal({ status, finalAt }: VersionLife, now: Date): boolean {
  return status !== "rejected" && status !== "replaced" && now.getTime() >= finalAt.getTime();
}
