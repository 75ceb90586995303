// The push initiator of PAP keeps the contract of bindings, with our own endpoint as the gateway.
import { createPapSender, PapEndpoint } from '../../../src/push/pap/index.ts';
import { bindingContract, TcpGate } from '../../../src/testing/index.ts';
import { MemoryHost, serveEndpoint } from './memory-host.ts';
