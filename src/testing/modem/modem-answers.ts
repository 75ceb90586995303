// Answers of a simulated modem that depend on nothing but what it is (3GPP TS 27.007 §5, §7, §8).

/** What answers tell. */
export interface ModemFacts {
  /** <stat> of +CREG. */
  readonly stat: number;
  /** <rssi> of +CSQ. */
  readonly rssi: number;
  readonly serviceCentre: string | undefined;
}

/** Lines of the answer to a command, without `AT`; `undefined` for one that is not known. */
export function answerPlain(
  text: string,
  { stat, rssi, serviceCentre = '+491720000000' }: ModemFacts,
): readonly string[] | undefined {
  const answers: Readonly<Record<string, readonly string[]>> = {
    '': [],
    Z: [],
    '+CMEE=1': [],
    '+CSMS=0': ['+CSMS: 1,1,1'],
    '+CSMS?': ['+CSMS: 0,1,1,1'],
    '+CREG=1': [],
    '+CREG?': [`+CREG: 1,${stat}`],
    '+CGREG?': [`+CGREG: 0,${stat}`],
    '+CEREG?': [`+CEREG: 0,${stat}`],
    '+CSQ': [`+CSQ: ${rssi},99`],
    '+CGMI': ['Reveille'],
    '+GMI': ['Reveille'],
    '+CGMM': ['Simulated modem'],
    '+GMM': ['Simulated modem'],
    '+CGMR': ['1.0'],
    '+GMR': ['1.0'],
    '+CGSN': ['493005100592800'],
    '+GSN': ['493005100592800'],
    '+CIMI': ['262011234567890'],
    '+COPS?': ['+COPS: 0,0,"Test network",7'],
    '+CSCA?': [`+CSCA: "${serviceCentre}",145`],
    '+CFUN?': ['+CFUN: 1'],
    '+CFUN=1': [],
    '+GCAP': ['+GCAP: +CGSM'],
    '+CLAC': [],
    '+CSCS="UCS2"': [],
    '+CSCS="GSM"': [],
    '+CSCS=?': ['+CSCS: ("GSM","UCS2")'],
    '+CSCS?': ['+CSCS: "GSM"'],
  };
  if (Object.hasOwn(answers, text)) return answers[text];
  // V1, X4, &C1 and the like: settings of the line that say nothing here.
  return /^(?:[VQXS&][0-9A-Z&=]*)+$/.test(text) ? [] : undefined;
}
