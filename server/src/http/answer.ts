export function json(
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {}
): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...headers
    }
  });
}

export function noContent(): Response {
  return new Response(null, { status: 204 });
}
