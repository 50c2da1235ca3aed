import { measureDemoLife, measureCarmaxLife } from "./measure-lives.ts";
const t=performance.now();
const [a,b] = await Promise.all([measureDemoLife(), measureCarmaxLife()]);
console.log(performance.now()-t);
for (const l of [a!,b!]) console.log(l.deal, l.distributions.map(d=>`${d.period}:${d.gas}/${d.floor}`).join(" "));
