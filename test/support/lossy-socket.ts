import { WebSocket as NodeSocket } from 'ws';

/** What happens to a comm message on its way: how often it arrives. */
export type Arrivals = (direction: 'sent' | 'received') => number;

/** A socket class whose comm messages are lost or come twice, as `arrivals` says; all else passes. */
export function lossySocket(arrivals: Arrivals): typeof WebSocket {
  class LossySocket extends NodeSocket {
    override send(data: Parameters<NodeSocket['send']>[0]): void {
      const times = isComm(data) ? arrivals('sent') : 1;
      for (let time = 0; time < times; time += 1) {
        super.send(data);
      }
    }

    override emit(event: string | symbol, ...values: unknown[]): boolean {
      const times = event === 'message' && isComm(values[0]) ? arrivals('received') : 1;
      let isHeard = true;
      for (let time = 0; time < times; time += 1) {
        isHeard = super.emit(event, ...values);
      }
      return isHeard;
    }
  }
  const made: unknown = LossySocket;
  return made as typeof WebSocket;
}

function isComm(data: unknown): boolean {
  const bytes =
    data instanceof ArrayBuffer
      ? Buffer.from(data)
      : ArrayBuffer.isView(data)
        ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
        : null;
  // The first is that of the message itself, others may name it as their parent.
  const type = /"msg_type":\s*"(\w+)"/.exec(bytes?.subarray(0, 2000).toString('latin1') ?? '');
  return type?.[1] === 'comm_msg';
}
