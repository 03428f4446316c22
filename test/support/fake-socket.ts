const CONTENTS = 'https://events.jupyter.org/jupyter_server/contents_service/v1';

/** The part of a WebSocket to the server's events that is used. */
export class FakeSocket {
  static all: FakeSocket[] = [];
  readyState = 0;
  onopen: () => void = () => undefined;
  onmessage: (event: { data: unknown }) => void = () => undefined;
  onclose: () => void = () => undefined;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }

  open(): void {
    this.readyState = 1;
    this.onopen();
  }

  tell(event: Record<string, unknown> | string): void {
    this.onmessage({
      data: typeof event === 'string' ? event : JSON.stringify({ schema_id: CONTENTS, ...event })
    });
  }

  close(): void {
    if (this.readyState !== 3) {
      this.readyState = 3;
      this.onclose();
    }
  }
}
