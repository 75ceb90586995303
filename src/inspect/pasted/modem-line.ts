// What a modem prints around a TPDU in PDU mode: commands and the lines that announce one (3GPP TS 27.005 §3.4, §4).

/** True for a line that says what the modem was asked, or that a TPDU follows: `+CMGR: 1,,155`. */
export function isModemLine(line: string): boolean {
  return /^\s*(?:AT[+^&].*|AT|\+(?:CMGR|CMGL|CMT|CMTI|CDS|CDSI|CMGS|CMSS|CMGW)\s*[:=?].*)\s*$/i.test(line);
}

/** As `isModemLine`, and for the results that end an exchange: nothing that modems print alone is hex. */
export function isModemText(line: string): boolean {
  return isModemLine(line) || /^\s*(?:OK|ERROR|\+CM[ES] ERROR:.*)\s*$/i.test(line);
}
