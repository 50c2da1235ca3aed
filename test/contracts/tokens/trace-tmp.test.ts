import { admit, deployTranches, ethers } from "./deploy-tranches.ts";
describe("trace", () => {
  it("t", async () => {
    const deal = await deployTranches({ holderCapBps: 5_000 });
    const [a, b] = deal.wallets;
    await admit(deal, "Alder", a!);
    await admit(deal, "Birch", b!);
    for (const w of [a!, b!]) await deal.token.connect(deal.factory).mint(w, 200_000_00n);
    const token = deal.token.connect(a!);
    await token.transfer(b!, 1_00n);
    const r = await (await token.transfer(b!, 100_00n)).wait();
    const t: any = await ethers.provider.send("debug_traceTransaction", [
      r!.hash,
      { disableMemory: true, disableStack: true, disableStorage: true },
    ]);
    const per: any = {};
    const logs = t.structLogs;
    console.log(logs.length, r!.gasUsed, JSON.stringify(logs[100]));
    for (let i = 0; i < logs.length; i++) {
      const l = logs[i];
      const n = logs[i + 1];
      const k = l.depth;
      per[k] ??= { steps: 0, cheap: 0, ops: {} };
      let c = n && n.depth === l.depth ? l.gas - n.gas : l.gasCost;
      if (["CALL", "DELEGATECALL", "STATICCALL"].includes(l.op)) c = 0;
      per[k].steps++;
      per[k].ops[l.op] ??= [0, 0];
      per[k].ops[l.op][0]++;
      per[k].ops[l.op][1] += Number(c);
      if (!["SLOAD", "SSTORE", "LOG3"].includes(l.op)) per[k].cheap += Number(c);
    }
    for (const k in per) {
      console.log(
        k,
        per[k].steps,
        per[k].cheap,
        Object.entries(per[k].ops)
          .sort((x: any, y: any) => y[1][1] - x[1][1])
          .slice(0, 14)
          .map(([o, v]: any) => `${o}:${v[0]}/${v[1]}`)
          .join(" "),
      );
    }
  });
});
