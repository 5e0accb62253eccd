export const statusStyle = `
:root{color-scheme:light dark;--line:light-dark(#e3e6ea,#30363d);--soft:light-dark(#5b6570,#9aa4af);--card:light-dark(#fff,#161b22);--page:light-dark(#f5f6f8,#0d1117);--alarm:light-dark(#b3261e,#ff8a80);--accent:light-dark(#0b66c3,#6cb6ff)}
*{box-sizing:border-box}
body{margin:0;background:var(--page);font:14px/1.5 system-ui,sans-serif}
header,main{max-width:72rem;margin:0 auto;padding:1.5rem}
header{padding-bottom:0}
h1{font-size:1.4rem;margin:0}
header p{margin:.25rem 0 .75rem;color:var(--soft)}
time,td{font-variant-numeric:tabular-nums}
nav{display:flex;flex-wrap:wrap}
nav a{color:var(--accent);margin-right:1rem;text-decoration:none}
nav a:hover{text-decoration:underline}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem 1.25rem;margin-bottom:1rem}
h2{font-size:.95rem;margin:0 0 .5rem}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse}
th{text-align:left;font-weight:500;color:var(--soft)}
th,td{padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line)}
tr:last-child td{border-bottom:0}
.ringing{border-left:3px solid var(--alarm);padding-left:.75rem;margin-bottom:.75rem}
.ringing h3{font-size:1em;margin:0;color:var(--alarm)}
.ringing time{font-weight:400;white-space:nowrap}
.ringing p{margin:.25rem 0 0;overflow-wrap:anywhere}
td:first-child{overflow-wrap:break-word}
.empty{margin:0;color:var(--soft)}
`;
